/* SPDX-License-Identifier: GPL-2.0 */
/*
 * backing_store.hpp - what a memory-backed disk keeps its data in: a store, and perhaps a cache
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/base/err.hpp>
#include <kxx/mm/slab.hpp>

#include "cache.hpp"
#include "store.hpp"

namespace cxxnull {

/**
 * Memory - the store, and perhaps a cache before it
 *
 * Owns both. Context: see each method; with a cache, process, may sleep, for all.
 */
class Memory {
public:
	/** make - @cache_bytes: 0 for no cache; @limit as Pool::make()'s; -ENOMEM */
	static kxx::Result<Memory> make(u64 pool_bytes, u64 cache_bytes,
					PageLimit *limit) KXX_MAY_SLEEP
	{
		Memory made(KXX_TRY(Store::make(pool_bytes, limit)));

		if (cache_bytes)
			made.cache_.emplace(KXX_TRY(Cache<Store>::make(*made.store_, cache_bytes)));
		return made;
	}

	Store &store() const KXX_LIFETIMEBOUND { return *store_; }
	/** cache - what reads and writes go to, or NULL: then they go to the store */
	Cache<Store> *cache() const KXX_LIFETIMEBOUND
	{
		return cache_ ? cache_->as_raw() : nullptr;
	}

	/** discard - whole sectors, which read as zeroes from here on */
	void discard(u64 offset, u64 size) const KXX_MAY_SLEEP
	{
		if (cache_)
			(*cache_)->discard(offset, size);
		else
			store_->discard(offset, size);
	}

	/** discard_now - the same without sleeping; false, and nothing done, if discard() must do it */
	bool discard_now(u64 offset, u64 size) const
	{
		return !cache_ && store_->discard_now(offset, size);
	}

	/** flush - what is in the cache goes to the store; as Store::write() */
	kxx::Result<void> flush() const KXX_MAY_SLEEP
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
