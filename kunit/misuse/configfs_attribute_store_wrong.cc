// SPDX-License-Identifier: GPL-2.0
// expect: store must be: Result<void> store(T &, const SysfsInput &)
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

#ifndef MISUSE
Result<void> size_store(Disk &disk, const SysfsInput &input)
{
	disk.size = KXX_TRY(input.kstrtouint());
	return {};
}
#else
void size_store(Disk &disk, const SysfsInput &)
{
	disk.size = 1;
}
#endif

constexpr ConfigfsAttribute<size_show, size_store> size_attribute("size");
