// SPDX-License-Identifier: GPL-2.0
// expect: show must be: void show(const T &, SysfsBuffer &)
// compiler: g++
#include <kxx/fs/configfs.hpp>

using namespace kxx;

struct Disk {
	void dropped() {}
	unsigned int size = 1;
};

struct Disks {
	Result<Box<ConfigfsGroup<Disk>>> make_group(const char *) KXX_MAY_SLEEP
	{
		return ConfigfsGroup<Disk>::make();
	}
};

void version_show(const Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

#ifndef MISUSE
void size_show(const Disk &disk, SysfsBuffer &buffer)
{
	buffer.emit("%u\n", disk.size);
}
#else
unsigned int size_show(const Disk &disk)
{
	return disk.size;
}
#endif

constexpr ConfigfsAttribute<size_show> size_attribute("size");
