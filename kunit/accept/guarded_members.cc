// SPDX-License-Identifier: GPL-2.0
/*
 * Members with KXX_GUARDED_BY() are accessible under any kind of guard of their lock, and
 * LockedBy members also in an object that is lent as const. Under a Mutex both may sleep.
 */
#include <optional>

#include <kxx/mm/slab.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Nothing {};

struct Disk {
	SpinLock<Nothing> lock;
	unsigned long reads KXX_GUARDED_BY(lock) = 0;
	Mutex<Nothing> mutex;
	unsigned long opened KXX_GUARDED_BY(mutex) = 0;
};

void count(Disk &disk)
{
	auto guard = disk.lock.lock();

	disk.reads++;
}

bool try_count(Disk &disk)
{
	auto guard = disk.lock.try_lock();

	if (!guard)
		return false;
	disk.reads++;
	return true;
}

Result<void> open(Disk &disk) KXX_MAY_SLEEP
{
	auto guard = disk.mutex.lock_interruptible();

	if (!guard)
		return EINTR;
	disk.opened++;
	return {};
}

struct List {
	unsigned long length = 0;
};

class Driver {
public:
	Result<void> queue() const
	{
		auto guard = list_.lock();

		guard->length++;
		return busy_.with(guard, [](bool &busy) { busy = true; });
	}

private:
	SpinLock<List> list_;
	LockedBy<bool, SpinLock<List>> busy_{ list_ };
};

Result<void> queue_rq(const Driver &driver)
{
	return driver.queue();
}

class Table {
public:
	Result<void> add() const KXX_MAY_SLEEP
	{
		auto guard = list_.lock();

		return KXX_TRY(entry_.with(
			guard, [](std::optional<Box<List>> &entry) KXX_MAY_SLEEP -> Result<void> {
				entry.emplace(KXX_TRY(Box<List>::make(GFP_KERNEL)));
				return {};
			}));
	}

private:
	Mutex<List> list_;
	LockedBy<std::optional<Box<List>>, Mutex<List>> entry_{ list_ };
};

Result<void> open_table(const Table &table) KXX_MAY_SLEEP
{
	return table.add();
}
