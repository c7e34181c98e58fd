// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

namespace driver_member_written_by_open {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	Result<void> open(OpenMode mode) const KXX_MAY_SLEEP
	{
#ifndef MISUSE
		*written.lock() = mode.write;
#else
		written = mode.write;
		// expected-error@-1 {{cannot assign to non-static data member within const member function 'open'}}
#endif
		return {};
	}

#ifndef MISUSE
	Mutex<bool> written;
#else
	bool written = false;
#endif
};

Result<GenDisk<Disk>> add(Box<Disk> driver, ARef<TagSet<Disk>> tags) KXX_MAY_SLEEP
{
	return GenDisk<Disk>::add(std::move(driver), std::move(tags), {});
}
} // namespace driver_member_written_by_open

namespace ioctl_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	Result<int> ioctl(unsigned int cmd, unsigned long arg) const;
#else
	int ioctl(unsigned int cmd, unsigned long arg) const;
#endif
};

Result<GenDisk<Disk>> add(Box<Disk> driver, ARef<TagSet<Disk>> tags) KXX_MAY_SLEEP
{
	return GenDisk<Disk>::add(std::move(driver), std::move(tags), {});
	// expected-error@kxx/block/block_device_operations.hpp:* {{ioctl must be: Result<int> ioctl(unsigned int cmd, unsigned long arg)}}
	// expected-note@-2 {{requested here}}
}
} // namespace ioctl_wrong_signature

namespace open_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	Result<void> open(OpenMode mode) const;
#else
	int open(OpenMode mode) const;
#endif
};

Result<GenDisk<Disk>> add(Box<Disk> driver, ARef<TagSet<Disk>> tags) KXX_MAY_SLEEP
{
	return GenDisk<Disk>::add(std::move(driver), std::move(tags), {});
	// expected-error@kxx/block/block_device_operations.hpp:* {{open must be: Result<void> open(OpenMode)}}
	// expected-error@kxx/block/block_device_operations.hpp:* {{no viable conversion from 'int' to 'Result<void>'}}
	// expected-note@-3 {{requested here}}
}
} // namespace open_wrong_signature

namespace report_zones_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	Result<void> report_zones(sector_t sector, unsigned int nr, ZoneReport &report) const;
#else
	Result<unsigned int> report_zones(sector_t sector, unsigned int nr,
					  ZoneReport &report) const;
#endif
};

Result<GenDisk<Disk>> add(Box<Disk> driver, ARef<TagSet<Disk>> tags) KXX_MAY_SLEEP
{
	return GenDisk<Disk>::add(std::move(driver), std::move(tags), {});
	// expected-error@kxx/block/block_device_operations.hpp:* {{report_zones must be: Result<void> report_zones}}
	// expected-error@kxx/block/block_device_operations.hpp:* {{no viable conversion from 'Result<unsigned int>' to 'Result<void>'}}
	// expected-note@-3 {{requested here}}
}
} // namespace report_zones_wrong_signature
