// SPDX-License-Identifier: GPL-2.0
// Mistakes that only clang must refuse, before its analyses; checked by scripts/tests/misuse.
#include <kxx/base/err.hpp>
#include <kxx/mm/slab.hpp>

using namespace kxx;

namespace errno_of_zero {
Result<Box<int>> make(bool broken)
{
	if (broken)
#ifndef MISUSE
		return EIO;
#else
		return Errno::from_errno(0);
	// expected-error@-1 {{from_errno() of what is not an error}}
#endif
	return Box<int>::make(GFP_ATOMIC, 1);
}
} // namespace errno_of_zero

namespace errno_positive {
Result<void> check(unsigned int depth)
{
	constexpr int invalid = 22;

	if (depth)
		return {};
#ifndef MISUSE
	return Errno::from_errno(-invalid);
#else
	return Errno::from_errno(invalid);
	// expected-error@-1 {{from_errno() of what is not an error}}
#endif
}
} // namespace errno_positive

namespace errno_positive_result {
Result<void> check(unsigned int depth)
{
	constexpr int invalid = 22;

#ifndef MISUSE
	return Result<void>::from_errno(depth ? 0 : -invalid);
#else
	static_cast<void>(depth);
	return Result<void>::from_errno(invalid);
	// expected-error@-1 {{from_errno() of what is not an error}}
#endif
}
} // namespace errno_positive_result
