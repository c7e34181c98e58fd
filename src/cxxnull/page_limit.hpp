/* SPDX-License-Identifier: GPL-2.0 */
/*
 * page_limit.hpp - how much memory all memory-backed disks together may take
 */
#pragma once

#include <kxx/sync/atomic.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/sync/mutex.hpp>

namespace cxxnull {

class Pool;

/**
 * PageLimit - a bound on the pages that several pools have
 *
 * Borrows the pools, which it outlives. Pinned. Context: any, except what may sleep.
 *
 *     if (!limit.charge(1))
 *             return ENOSPC;
 */
class PageLimit {
public:
	explicit PageLimit(u64 pages) : pages_(static_cast<s64>(pages)) {}
	PageLimit(const PageLimit &) = delete;
	PageLimit &operator=(const PageLimit &) = delete;

	/** charge - @n more pages are in use; false, and nothing happens, above the bound */
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

	/** pages - the bound */
	u64 pages() const { return static_cast<u64>(pages_); }
	/**
	 * is_reached - whether charge(1) would fail
	 *
	 * Also while pages are charged that are uncharged again, since there is no memory for
	 * them: no reason for -ENOSPC.
	 */
	bool is_reached() const { return used_.read() >= pages_; }
	/** is_half_free - whether a pool may keep the memory of free pages */
	bool is_half_free() const { return used_.read() <= pages_ / 2; }

	u64 used() const { return static_cast<u64>(used_.read()); }

	/** add, remove - a pool that charges its pages here; remove() does nothing without add() */
	void add(Pool &pool) KXX_MAY_SLEEP;
	void remove(Pool &pool) KXX_MAY_SLEEP;
	/** release_reserves - each pool gives back the memory that its free pages have kept */
	void release_reserves() KXX_MAY_SLEEP;
	/** is_used_up - whether each page of the bound was published, all at one moment */
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
