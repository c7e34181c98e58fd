/* SPDX-License-Identifier: GPL-2.0 */
/*
 * page_limit.hpp - a limit on the memory of all memory-backed disks, or of all caches, together
 */
#pragma once

#include <kxx/sync/atomic.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/sync/mutex.hpp>

namespace cxxnull {

class Pool;

/**
 * PageLimit - a limit on the pages of several pools, or of several caches, together
 *
 * Must outlive the pools, which add and remove themselves, and the caches. Pools and caches must
 * not share a limit, because is_used_up() knows only the pages of pools. Pinned. Context: any,
 * unless a method may sleep.
 */
class PageLimit {
public:
	explicit PageLimit(u64 pages) : pages_(static_cast<s64>(pages)) {}
	PageLimit(const PageLimit &) = delete;
	PageLimit &operator=(const PageLimit &) = delete;

	/** charge - charges @n pages, or none and returns false if they would exceed the limit */
	[[nodiscard]] bool charge(u32 n)
	{
		s64 used = used_.read();

		do {
			if (used + n > pages_)
				return false;
		} while (!used_.try_cmpxchg(used, used + n));
		return true;
	}
	void uncharge(u32 n) { used_.add(-s64{ n }); }

	/** pages - returns the limit */
	u64 pages() const { return static_cast<u64>(pages_); }
	/**
	 * is_reached - true if charge(1) would fail
	 *
	 * May be true for a moment only, because a pool charges pages before it allocates their
	 * memory, and uncharges them if the allocation fails. So it does not justify -ENOSPC.
	 */
	bool is_reached() const { return used_.read() >= pages_; }
	/** is_half_free - true if the pools may keep the memory of free pages */
	bool is_half_free() const
	{
		/* Doubling the left side takes fewer instructions than halving a signed number. */
		return used_.read() * 2 <= pages_;
	}

	u64 used() const { return static_cast<u64>(used_.read()); }

	/** add, remove - registers a pool that charges pages; remove() without add() is a no-op */
	void add(Pool &pool) KXX_MAY_SLEEP;
	void remove(Pool &pool) KXX_MAY_SLEEP;
	/** release_reserves - frees the memory that all pools keep for free pages */
	void release_reserves() KXX_MAY_SLEEP;
	/** is_used_up - true if at one moment all pages of the limit were published (pool.hpp) */
	bool is_used_up() KXX_MAY_SLEEP;

private:
	struct Pools {
		Pool *first = nullptr;
	};

	const s64 pages_;
	kxx::Atomic64 used_{ 0 };
	kxx::Mutex<Pools> pools_;
};

} // namespace cxxnull
