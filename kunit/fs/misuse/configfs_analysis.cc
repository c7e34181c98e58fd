// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/fs/configfs.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace configfs_subsystem_under_spinlock {
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

Result<void> use(SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();
#endif
	return Subsystem::make("disks").error();
	// expected-warning@-1 {{'make' while context 'atomic' is held}}
}
} // namespace configfs_subsystem_under_spinlock
