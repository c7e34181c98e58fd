// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'input' returned
#include <kxx/fs/sysfs.hpp>

using namespace kxx;

#ifndef MISUSE
const char *text_of(const SysfsInput &input)
{
#else
const char *text_of(const char *text)
{
	SysfsInput input(text);

#endif
	return input.text();
}
