/* SPDX-License-Identifier: GPL-2.0 */
/*
 * backing_store.hpp - the data of a memory-backed disk: a store, and a cache if cache_size is set
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
 * Memory - a store, and a cache in front of it if cache_size is set
 *
 * Owns both. Context: see each method. With a cache, all methods may sleep: process context.
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
	/** cache - the cache, which reads and writes must use; NULL if there is none */
	Cache<Store> *cache() const KXX_LIFETIMEBOUND
	{
		return cache_ ? cache_->as_raw() : nullptr;
	}

	/** discard - zeroes whole sectors */
	void discard(u64 offset, u64 size) const KXX_MAY_SLEEP
	{
		if (cache_)
			(*cache_)->discard(offset, size);
		else
			store_->discard(offset, size);
	}

	/**
	 * discard_now - discard() that does not sleep; does nothing and returns false where it must
	 */
	bool discard_now(u64 offset, u64 size) const
	{
		return !cache_ && store_->discard_now(offset, size);
	}

	/** flush - writes the cache to the store; errors as Store::write() */
	kxx::Result<void> flush() const KXX_MAY_SLEEP
	{
		if (cache_)
			return (*cache_)->flush();
		return {};
	}

private:
	explicit Memory(kxx::Box<Store> store) : store_(std::move(store)) {}

	/* Destroyed after the cache, which borrows it. */
	kxx::Box<Store> store_;
	std::optional<kxx::Box<Cache<Store>>> cache_;
};

} // namespace cxxnull
