/* SPDX-License-Identifier: GPL-2.0 */
/* disks.hpp - disks for the suites that look at blk-mq from a driver's side */
#pragma once

#include <utility>

#include <kxx/sync/atomic.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/spinlock.hpp>

#include "../testlib.h"

namespace disks {

/** Counts - requests that a driver got, and that it ended; equal when all is over */
struct Counts {
	kxx::Atomic begun{ 0 }, ended{ 0 };

	bool balanced() const { return begun.read() == ended.read(); }
};

/** Seen - a value that callbacks leave for the case, whichever CPU they run on. Context: any */
template <typename T> class Seen {
public:
	Seen(T value = T()) : value_(value) {}
	Seen(const Seen &) = delete;
	Seen &operator=(const Seen &) = delete;

	T read() const
	{
		return value_.with_locked([](T &value) { return value; });
	}
	operator T() const { return read(); }
	// NOLINTNEXTLINE(misc-unconventional-assign-operator): callbacks have it as const.
	void operator=(T value) const { *value_.lock() = value; }
	void operator+=(T value) const { *value_.lock() += value; }
	void operator-=(T value) const { *value_.lock() -= value; }
	void operator|=(T value) const { *value_.lock() |= value; }
	/** operator++ - one more; what it was */
	T operator++(int) const
	{
		return value_.with_locked([](T &value) { return value++; });
	}

private:
	kxx::SpinLockIrq<T> value_;
};

/** PerCpu - how often something was done by CPU 0, and how often by the others. Context: any */
class PerCpu {
public:
	/** here - the count of the CPU that asks */
	const kxx::Atomic &here() const { return kxx_test_cpu() ? others : first; }
	int read() const { return first.read() + others.read(); }
	void operator+=(bool done) const
	{
		if (done)
			here().inc();
	}

	kxx::Atomic first{ 0 }, others{ 0 };
};

/** EndOnly - the least a driver can be */
class EndOnly {
public:
	kxx::QueueStatus queue_rq(kxx::Owned<kxx::Request<EndOnly>> rq) const
	{
		rq.start();
		rq.end(kxx::BlkStatus::OK);
		return kxx::QueueStatus::ok();
	}
};

constexpr unsigned int page_size = KXX_PAGE_SIZE;
constexpr sector_t capacity = 1 << 16;

struct Page {
	alignas(page_size) unsigned char bytes[page_size] = {};
};

/** read - one read of a page at sector 0; 0, the bio's errno, or -ENOMEM */
inline int read(struct gendisk *disk) KXX_MAY_SLEEP
{
	auto page = kxx::Box<Page>::make(kxx::GFP_KERNEL);

	if (!page)
		return page.error().to_errno();
	return kxx_test_bio(disk, KXX_REQ_OP_READ, 0, std::move(page).value()->bytes, page_size);
}

/** add - the disk kxxtest@index of a @Driver made from @args, on @tags */
template <typename Driver, typename... Args>
kxx::Result<kxx::GenDisk<Driver>> add(kxx::ARef<kxx::TagSet<Driver>> tags,
				      kxx::DiskParameters parameters, Args &&...args) KXX_MAY_SLEEP
{
	sector_t sectors = std::exchange(parameters.capacity, 0);
	auto driver = KXX_TRY(kxx::Box<Driver>::make(kxx::GFP_KERNEL, std::forward<Args>(args)...));

	parameters.prefix = "kxxtest";

	/* Without capacity, add_disk() itself reads nothing: the case's own I/O comes first. */
	auto disk =
		KXX_TRY(kxx::GenDisk<Driver>::add(std::move(driver), std::move(tags), parameters));

	disk.set_capacity(sectors ? sectors : capacity);
	return disk;
}

} // namespace disks
