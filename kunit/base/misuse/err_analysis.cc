// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/base/err.hpp>

using namespace kxx;

namespace result_value_of_an_error {
Result<unsigned int> sectors();

unsigned int bytes()
{
	auto n = sectors();

#ifndef MISUSE
	if (!n)
		return 0;
#else
	if (n)
		return 0;
#endif
	return std::move(n).value() * 512;
	// expected-warning@-1 {{method 'value' on a temporary object while it is in the 'consumed' state}}
}
} // namespace result_value_of_an_error

namespace result_value_unchecked {
Result<unsigned int> sectors();

unsigned int bytes()
{
	auto n = sectors();

#ifndef MISUSE
	if (!n)
		return 0;
#endif
	return std::move(n).value() * 512;
	// expected-warning@-1 {{method 'value' on a temporary object while it is in the 'unknown' state}}
}
} // namespace result_value_unchecked
