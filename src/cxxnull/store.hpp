/* SPDX-License-Identifier: GPL-2.0 */
/*
 * store.hpp - the memory behind a memory-backed disk
 *
 * A disk is as large as it likes; what is written to it lives in a pool of
 * bounded size. The pool is a range of bytes that drm_mm hands out, a page at a
 * time; memory comes to it in chunks, when a range in them is first handed out.
 * An XArray knows which part of the pool holds which page of the disk. Pages
 * that were never written read as zeroes.
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/drm/drm_mm.hpp>
#include <kxx/err.hpp>
#include <kxx/slab.hpp>
#include <kxx/spinlock.hpp>
#include <kxx/xarray.hpp>

namespace cxxnull {

/**
 * Store - bytes by their offset on the disk
 *
 * Owns everything that was written. Reads and writes of one byte at one time
 * are not ordered among themselves, as on any disk. Pinned.
 * Context: process, may sleep.
 */
class Store {
public:
	/** make - a store that holds at most @pool_bytes, rounded up to a chunk; -ENOMEM */
	static kxx::Result<kxx::Box<Store>> make(u64 pool_bytes) KXX_MAY_SLEEP;

	/** read - @size bytes from @offset; all within one page */
	void read(u64 offset, unsigned char *to, unsigned int size);

	/** write - @size bytes to @offset, all within one page; -ENOSPC, -ENOMEM */
	kxx::Result<void> write(u64 offset, const unsigned char *from,
				unsigned int size) KXX_MAY_SLEEP;

	/** discard - what is in @size bytes from @offset reads as zeroes from here on */
	void discard(u64 offset, u64 size);

	~Store() KXX_MAY_SLEEP;
	Store(const Store &) = delete;
	Store &operator=(const Store &) = delete;

private:
	friend kxx::Box<Store>;

	static constexpr u64 page_size = KXX_PAGE_SIZE;

	/*
	 * A piece of the pool's memory; nothing in the pool straddles two. Not
	 * larger: mm tries harder for up to PAGE_ALLOC_COSTLY_ORDER.
	 */
	struct Chunk {
		static constexpr u64 size = 8 * page_size;

		unsigned char bytes[size];
	};
	using Chunks = kxx::Box<std::optional<kxx::Box<Chunk>>[]>;

	/* Payload of a node: where the bytes of that part of the pool are. */
	struct Page {
		unsigned char *bytes = nullptr;
	};
	using Node = kxx::drm::Node<Page>;

	struct Pool {
		Pool(kxx::drm::MmRange range, Chunks chunks)
			: chunks(std::move(chunks)), space(range, "cxxnull")
		{
		}

		/* The memory that @node stands for, or NULL if its chunk is yet to come. */
		unsigned char *bytes_of(const Node &node);

		Chunks chunks;
		kxx::drm::Mm<Page> space;
	};

	Store(kxx::drm::MmRange range, Chunks chunks) : pool_(range, std::move(chunks)) {}

	kxx::Result<unsigned char *> page_for_write(unsigned long index) KXX_MAY_SLEEP;
	kxx::Result<Node> allocate() KXX_MAY_SLEEP;
	kxx::Result<void> back(Node &node) KXX_MAY_SLEEP;
	void free(Node node);

	kxx::SpinLockIrq<Pool> pool_;
	kxx::XArray<Node> pages_;
};

} // namespace cxxnull
