// SPDX-License-Identifier: GPL-2.0
// expect: show and store must take the data of the same folder
// compiler: g++
#include <kxx/configfs.hpp>

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

void version_show(Disks &, SysfsBuffer &buffer)
{
	buffer.emit("1\n");
}

void size_show(Disk &disk, SysfsBuffer &buffer)
{
	buffer.emit("%u\n", disk.size);
}

Result<void> size_store(Disk &disk, const SysfsInput &input)
{
	disk.size = KXX_TRY(input.kstrtouint());
	return {};
}

#ifndef MISUSE
constexpr ConfigfsAttribute<size_show, size_store> size_attribute("size");
#else
constexpr ConfigfsAttribute<version_show, size_store> size_attribute("size");
#endif
