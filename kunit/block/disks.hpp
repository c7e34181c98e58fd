/* SPDX-License-Identifier: GPL-2.0 */
/* disks.hpp - drivers and disks for the suites that need a disk */
#pragma once

#include <utility>

#include <kxx/sync/atomic.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/spinlock.hpp>

#include "../testlib.h"

namespace disks {

/** Counts - Counts requests received and ended; a case expects both to be equal */
struct Counts {
	kxx::Atomic begun{ 0 }, ended{ 0 };

	bool balanced() const { return begun.read() == ended.read(); }
};

/** Seen - Passes a value from callbacks on any CPU to the case. Context: any */
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
	/** operator++ - Increments the value and returns the old one */
	T operator++(int) const
	{
		return value_.with_locked([](T &value) { return value++; });
	}

private:
	kxx::SpinLockIrq<T> value_;
};

/** PerCpu - Counts an event on CPU 0, and on all other CPUs. Context: any */
class PerCpu {
public:
	/** here - Returns the counter of the current CPU */
	const kxx::Atomic &here() const { return kxx_test_cpu() ? others : first; }
	int read() const { return first.read() + others.read(); }
	void operator+=(bool done) const
	{
		if (done)
			here().inc();
	}

	kxx::Atomic first{ 0 }, others{ 0 };
};

/** EndOnly - Minimal driver: ends each request at once */
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

/** read - Reads one page at sector 0. Returns 0, the bio's errno, or -ENOMEM */
inline int read(struct gendisk *disk) KXX_MAY_SLEEP
{
	auto page = kxx::Box<Page>::make(kxx::GFP_KERNEL);

	if (!page)
		return page.error().to_errno();
	return kxx_test_bio(disk, KXX_REQ_OP_READ, 0, std::move(page).value()->bytes, page_size);
}

/** add - Makes a @Driver from @args and adds its disk "kxxtest", on @tags */
template <typename Driver, typename... Args>
kxx::Result<kxx::GenDisk<Driver>> add(kxx::ARef<kxx::TagSet<Driver>> tags,
				      kxx::DiskParameters parameters, Args &&...args) KXX_MAY_SLEEP
{
	sector_t sectors = std::exchange(parameters.capacity, 0);
	auto driver = KXX_TRY(kxx::Box<Driver>::make(kxx::GFP_KERNEL, std::forward<Args>(args)...));

	parameters.prefix = "kxxtest";

	/* Add the disk without capacity: add_disk() then reads no partition table. */
	auto disk =
		KXX_TRY(kxx::GenDisk<Driver>::add(std::move(driver), std::move(tags), parameters));

	KXX_TRY(disk.set_capacity(sectors ? sectors : capacity));
	return disk;
}

} // namespace disks
