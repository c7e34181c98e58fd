// SPDX-License-Identifier: GPL-2.0
// expect: show and store must take the data of the same folder
// compiler: g++
#include <kxx/fs/configfs.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Disk {
	void dropped() {}
	Mutex<unsigned int> size{ 1u };
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

void size_show(const Disk &disk, SysfsBuffer &buffer) KXX_MAY_SLEEP
{
	buffer.emit("%u\n", *disk.size.lock());
}

Result<void> size_store(const Disk &disk, const SysfsInput &input) KXX_MAY_SLEEP
{
	*disk.size.lock() = KXX_TRY(input.kstrtouint());
	return {};
}

#ifndef MISUSE
constexpr ConfigfsAttribute<size_show, size_store> size_attribute("size");
#else
constexpr ConfigfsAttribute<version_show, size_store> size_attribute("size");
#endif
