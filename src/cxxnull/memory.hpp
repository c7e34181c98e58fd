/* SPDX-License-Identifier: GPL-2.0 */
/*
 * memory.hpp - what a memory-backed disk keeps its data in: a store, and perhaps a cache
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/err.hpp>
#include <kxx/slab.hpp>

#include "cache.hpp"
#include "store.hpp"

namespace cxxnull {

/**
 * Memory - bytes by their offset on the disk
 *
 * Owns the store, and the write cache before it. Context: process, may sleep, for all
 * methods.
 */
class Memory {
public:
	/** make - @cache_bytes: 0 for no cache; -ENOMEM */
	static kxx::Result<Memory> make(u64 pool_bytes, u64 cache_bytes) KXX_MAY_SLEEP
	{
		Memory made(KXX_TRY(Store::make(pool_bytes)));

		if (cache_bytes)
			made.cache_.emplace(KXX_TRY(Cache<Store>::make(*made.store_, cache_bytes)));
		return made;
	}

	/** read - @size bytes from @offset; all within one page */
	void read(u64 offset, unsigned char *to, unsigned int size) KXX_MAY_SLEEP
	{
		if (cache_)
			(*cache_)->read(offset, to, size);
		else
			store_->read(offset, to, size);
	}

	/** write - @size bytes to @offset, within one page; @fua: past the cache; -ENOSPC, -ENOMEM */
	kxx::Result<void> write(u64 offset, const unsigned char *from, unsigned int size,
				bool fua) KXX_MAY_SLEEP
	{
		if (cache_)
			return (*cache_)->write(offset, from, size, fua);
		return store_->write(offset, from, size);
	}

	/** discard - whole sectors, which read as zeroes from here on */
	void discard(u64 offset, u64 size) KXX_MAY_SLEEP
	{
		if (cache_)
			(*cache_)->discard(offset, size);
		else
			store_->discard(offset, size);
	}

	/** flush - what is in the cache goes to the store; as write() */
	kxx::Result<void> flush() KXX_MAY_SLEEP
	{
		if (cache_)
			return (*cache_)->flush();
		return {};
	}

private:
	explicit Memory(kxx::Box<Store> store) : store_(std::move(store)) {}

	/* The cache borrows it. */
	kxx::Box<Store> store_;
	std::optional<kxx::Box<Cache<Store>>> cache_;
};

} // namespace cxxnull
