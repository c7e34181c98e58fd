// SPDX-License-Identifier: GPL-2.0
// expect: call to deleted constructor of 'Subsystem'
#include <utility>

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

constexpr ConfigfsAttribute<size_show> size_attribute("size");
constexpr ConfigfsAttribute<version_show> version_attribute("version");

using Subsystem = ConfigfsSubsystem<ConfigfsAttributes<version_attribute>,
				    ConfigfsAttributes<size_attribute>>;

Result<void> use() KXX_MAY_SLEEP
{
	auto made = KXX_TRY(Subsystem::make("disks"));
#ifdef MISUSE
	Subsystem copy(std::as_const(*made));
#endif
	return {};
}
