// SPDX-License-Identifier: GPL-2.0
// expect: an attribute has a show or a store
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

void size_show(const Disk &disk, SysfsBuffer &buffer)
{
	buffer.emit("%u\n", disk.size);
}

#ifndef MISUSE
constexpr ConfigfsAttribute<size_show> size_attribute("size");
#else
constexpr ConfigfsAttribute<nullptr> size_attribute("size");
#endif
