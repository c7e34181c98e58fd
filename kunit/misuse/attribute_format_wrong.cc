// SPDX-License-Identifier: GPL-2.0
// expect: format specifies type 'unsigned int' but the argument has type 'const char *'
#include <kxx/fs/sysfs.hpp>

using namespace kxx;

#ifndef MISUSE
void size_show(const unsigned int &size, SysfsBuffer &buffer)
#else
void size_show(const char *const &size, SysfsBuffer &buffer)
#endif
{
	buffer.emit("%u\n", size);
}
