// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/fs/sysfs.hpp>

using namespace kxx;

namespace sysfs_text_outlives_input {
#ifndef MISUSE
const char *text_of(const SysfsInput &input)
{
#else
const char *text_of(const char *text)
{
	SysfsInput input(text);
#endif
	return input.text();
	// expected-warning@-1 {{address of stack memory associated with local variable 'input' returned}}
}
} // namespace sysfs_text_outlives_input
