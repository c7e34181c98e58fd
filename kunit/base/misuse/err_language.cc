// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/base/err.hpp>

using namespace kxx;

namespace errno_constant_positive {
#ifndef MISUSE
constexpr auto ESTALE = kxx::Errno::from_errno(-116);
#else
constexpr auto ESTALE = kxx::Errno::from_errno(116);
// expected-error@-1 {{from_errno() of what is not an error}}
// expected-error@-2 {{constexpr variable 'ESTALE' must be initialized by a constant expression}}
#endif

kxx::Result<void> find()
{
	return ESTALE;
}
} // namespace errno_constant_positive

namespace result_of_reference {
struct Entry {
	int value = 0;
};

Entry table[4];

#ifndef MISUSE
Result<Entry *> find(unsigned int index)
{
	if (index >= 4)
		return EINVAL;
	return &table[index];
}
#else
Result<Entry &> find(unsigned int index)
{
	if (index >= 4)
		return EINVAL; // expected-error {{no viable conversion from returned value}}
	return table[index];   // expected-error {{no viable conversion from returned value}}
}
// expected-error@kxx/base/err.hpp:* {{a Result has no reference: return a pointer}}
#endif
} // namespace result_of_reference

namespace result_ignored {
Result<void> flush();

Result<void> sync()
{
#ifndef MISUSE
	KXX_TRY(flush());
#else
	flush();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace result_ignored

namespace result_of_bool_tested {
Result<bool> parse(const char *text);
void enable();

Result<void> store(const char *text)
{
#ifndef MISUSE
	if (KXX_TRY(parse(text)))
#else
	if (parse(text)) // expected-error {{attempt to use a deleted function}}
#endif
		enable();
	return {};
}
} // namespace result_of_bool_tested

namespace error_not_returned {
Result<void> check(unsigned int depth)
{
	if (!depth)
#ifndef MISUSE
		return EINVAL;
#else
		Errno::from_errno(-KXX_EINVAL);
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace error_not_returned
