/* SPDX-License-Identifier: GPL-2.0 */
/*
 * store.hpp - the memory behind a memory-backed disk
 *
 * A disk is as large as it likes; what is written to it lives in a pool of bounded
 * size (pool.hpp), in extents. Which page of the pool holds which page of the disk is
 * in leaves of a few pages each, in a hash table: it is found without a lock. Pages
 * that were never written, or were discarded, read as zeroes.
 *
 * Who reads and writes, and who discards, at once: a reader, or a writer of what is
 * there, finds a page and uses it under rcu_read_lock(). A page that is discarded is
 * taken out of its leaf, and handed out again only after a grace period: so what they
 * found stays theirs, and is not yet another's. A fresh page is filled before it is put
 * into its leaf, what is not written of it with zeroes: so nobody sees what was in
 * it before.
 */
#pragma once

#include <kxx/base/annotations.hpp>
#include <kxx/sync/atomic.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/rcupdate.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

#include "pool.hpp"

namespace cxxnull {

/**
 * Store - bytes by their offset on the disk
 *
 * Owns everything that was written. Reads and writes of one byte at one time are not
 * ordered among themselves, as on any disk. Pinned.
 * Context: process; only what says so sleeps.
 *
 *     Store::Writer writer(store, offset, size);
 *     KXX_TRY(writer.write(data, size));
 */
class Store {
public:
	class Writer;

	/** make - a store that holds at most @pool_bytes; @limit and errors as Pool::make() */
	static kxx::Result<kxx::Box<Store>> make(u64 pool_bytes,
						 PageLimit *limit = nullptr) KXX_MAY_SLEEP;

	/** read - @size bytes from @offset */
	void read(u64 offset, unsigned char *to, u64 size);

	/**
	 * write - @size bytes to @offset
	 *
	 * -ENOSPC when the pool is full: then a part is written. -EAGAIN when
	 * make_room() can help.
	 */
	kxx::Result<void> write(u64 offset, const unsigned char *from, u64 size);

	/**
	 * discard - @size bytes from @offset are zeroes, and whole pages the pool's again
	 *
	 * Takes time for what is there, not for how large the range is.
	 */
	void discard(u64 offset, u64 size) KXX_MAY_SLEEP;
	/** discard_now - the same without sleeping; false, and nothing done, for more than 1 MiB */
	bool discard_now(u64 offset, u64 size);

	/** make_room - for a write to be tried again after -EAGAIN; -ENOMEM, and as Pool's */
	kxx::Result<void> make_room() KXX_MAY_SLEEP;

	Pool &pool() KXX_LIFETIMEBOUND { return *pool_; }
	/** memory - bytes that it takes of the kernel's memory, for data and for all else */
	u64 memory();

	~Store() KXX_MAY_SLEEP;
	Store(const Store &) = delete;
	Store &operator=(const Store &) = delete;

private:
	friend kxx::Box<Store>;

	static constexpr u64 page_size = Pool::page_size;
	static constexpr u64 max_discard_now = 1 << 20;

	/* A page of the pool and 1, or 0. */
	struct Slot : kxx::Atomic {
		Slot() : Atomic(0) {}
	};

	/*
	 * Small, so that pages far apart take little more memory than their own, and
	 * large enough for what is next to each other to be found at once.
	 */
	struct Leaf {
		static constexpr u32 slots_bits = 4;
		static constexpr u32 pages = 1 << slots_bits;

		kxx::rcu::RcuHead rcu;
		u64 number = 0; /* where it is on the disk, in leaves */
		kxx::rcu::Pointer<Leaf> next;
		Slot slots[pages];
	};
	using Bucket = kxx::rcu::Pointer<Leaf>;
	using Buckets = kxx::Box<Bucket[]>;

	/* The right to change a part of the buckets, and the slots of the leaves in them. */
	struct Change {};
	struct Stripe {
		kxx::SpinLock<Change> lock;
		/* No two in one cache line. */
		unsigned char pad[60];
	};
	static constexpr u32 nr_stripes = 64;

	Store(kxx::Box<Pool> pool, Buckets buckets, u32 buckets_bits);

	u64 bucket_of(u64 number) const
	{
		/* By the golden ratio: neighbours come to lie far apart. */
		return number * 0x9e3779b97f4a7c15ull >> (64 - buckets_bits_);
	}
	Bucket &bucket(u64 number) const { return buckets_[bucket_of(number)]; }
	kxx::SpinLock<Change> &lock_of(u64 number)
	{
		return stripes_[bucket_of(number) % nr_stripes].lock;
	}

	Leaf *find(u64 number, const kxx::rcu::ReadLock &lock) const
	{
		Leaf *leaf = bucket(number).dereference(lock);

		while (leaf && leaf->number != number)
			leaf = leaf->next.dereference(lock);
		return leaf;
	}
	Leaf *find(u64 number, Change &) const
	{
		Leaf *leaf = bucket(number).protected_();

		while (leaf && leaf->number != number)
			leaf = leaf->next.protected_();
		return leaf;
	}
	bool has_leaf(u64 number) const { return find(number, kxx::rcu::ReadLock()); }

	template <typename F> u64 for_each_mapped(u64 offset, u64 size, F &&f) const;
	u64 overwrite(u64 offset, const unsigned char *from, u64 size);
	void clear(u64 offset, u64 size);
	u32 unmapped_pages(u64 index, u32 most) const;
	kxx::Result<kxx::Box<Leaf>> make_leaf(u64 number);
	kxx::Result<u32> publish(u64 index, Extent extent);
	void clear_ends(u64 offset, u64 size);
	void discard_pages(u64 number, u64 from, u64 end);
	template <size_t most>
	u32 find_in_bucket(size_t i, u64 first, u64 last, u64 (&found)[most]) const;

	kxx::Box<Pool> pool_;
	Buckets buckets_;
	const u32 buckets_bits_;
	kxx::Atomic leaves_{ 0 };
	/* What make_room() has made for those that cannot. */
	kxx::SpinLock<Spare<kxx::Box<Leaf>>> spare_leaf_;
	Stripe stripes_[nr_stripes];
};

/**
 * Store::Writer - a write that comes in parts
 *
 * Knows from the start how much there will be, so that what is not there yet gets one
 * extent and not one for each part. What it was given is in the store when write() has
 * returned the last of it, or in parts when it failed. Pinned. Context: as Store; an
 * RCU read-side section as long as it lives, so nothing may sleep.
 */
class Store::Writer {
public:
	Writer(Store &store, u64 offset, u64 size)
		: store_(store), offset_(offset), end_(offset + size)
	{
	}
	Writer(const Writer &) = delete;
	Writer &operator=(const Writer &) = delete;
	~Writer()
	{
		if (fresh_.pages) [[unlikely]]
			store_.pool_->free(fresh_);
	}

	/** write - the next @size bytes; errors as Store::write(), and no more after one */
	kxx::Result<void> write(const unsigned char *from, u64 size);

private:
	/* Out of line: what is there already needs little of the stack. */
	[[gnu::noinline]] kxx::Result<void> write_fresh(const unsigned char *from, u64 size);
	bool is_mapped() const;
	kxx::Result<void> begin_fresh();
	void fill(const unsigned char *&from, u64 &size);
	kxx::Result<void> publish_fresh();

	/* As the pool asks of who has an extent that is not published. */
	kxx::rcu::ReadLock lock_;
	Store &store_;
	u64 offset_;
	const u64 end_;
	/* What is being filled, from this page of the disk on. Nobody else can see it. */
	Extent fresh_;
	u64 fresh_index_ = 0;
	/* Where the data in it begins: later than the write, if the write began on other pages. */
	u64 fresh_from_ = 0;
};

} // namespace cxxnull
