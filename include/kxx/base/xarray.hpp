/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xarray.hpp - a sparse array that owns what is in it
 * Wraps <linux/xarray.h>. Glue: glue/base/xarray.h
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/sync/sched.h>
#include <kxx/glue/base/xarray.h>
#include <kxx/base/layout.hpp>
#include <kxx/mm/slab.hpp>

KXX_LAYOUT(xarray);

namespace kxx {

/**
 * XArray - unsigned long to @Owner, sparse
 * @Owner: what is stored: a type with into_raw() and from_raw(), as Box has
 *
 * Owns its entries: what drain() has not taken out is dropped with the array.
 * Has its own lock. Pinned. Context of the destructor: process, may sleep.
 *
 *     XArray<Box<Page>> pages;
 *     KXX_TRY(pages.insert(7, std::move(page), GFP_NOIO));
 */
template <typename Owner> class XArray {
	using Raw = decltype(std::declval<const Owner &>().as_raw());

public:
	/** XArray - xa_init() */
	XArray() { kxx_xa_init(xa_.get()); }
	~XArray()
	{
		drain([](Owner) {});
		::xa_destroy(xa_.get());
	}
	XArray(const XArray &) = delete;
	XArray &operator=(const XArray &) = delete;

	/**
	 * load - xa_load(): what is at @index, borrowed, or NULL
	 *
	 * Valid until the entry is drained: that nobody does so meanwhile is
	 * the caller's to know. Context: any.
	 */
	Raw load(unsigned long index) { return static_cast<Raw>(::xa_load(xa_.get(), index)); }

	/**
	 * insert - xa_insert(): puts @entry at @index
	 *
	 * -EBUSY when something is there already, -ENOMEM; @entry is moved from
	 * only on success. Context: as @gfp says; takes the xa_lock.
	 */
	Result<void> insert(unsigned long index, Owner &&entry, GfpMaySleep gfp) KXX_MAY_SLEEP
	{
		return insert(index, std::move(entry), gfp.raw());
	}
	Result<void> insert(unsigned long index, Owner &&entry, GfpAtomic gfp)
	{
		return insert(index, std::move(entry), gfp.raw());
	}

	/**
	 * erase - xa_erase(): removes and returns the entry at @index, if there is one. Context:
	 * any except NMI
	 */
	std::optional<Owner> erase(unsigned long index)
	{
		auto raw = static_cast<Raw>(::xa_erase(xa_.get(), index));

		if (!raw)
			return std::nullopt;
		return Owner::from_raw(raw);
	}

	/**
	 * find - xa_find(): the next from @index on, borrowed as by load(), or NULL; @index is its
	 */
	Raw find(unsigned long &index) { return static_cast<Raw>(kxx_xa_find(xa_.get(), &index)); }

	/** drain - xa_erase() on every entry, each given to @f. Context: process, may sleep */
	template <typename F> void drain(F &&f) KXX_MAY_SLEEP
	{
		unsigned long index = 0;

		while (kxx_xa_find(xa_.get(), &index)) {
			f(Owner::from_raw(static_cast<Raw>(::xa_erase(xa_.get(), index))));
			/* There may be millions. */
			kxx_cond_resched();
		}
	}

private:
	Result<void> insert(unsigned long index, Owner &&entry, gfp_t gfp)
	{
		int err = kxx_xa_insert(xa_.get(), index, entry.as_raw(), gfp);

		if (!err)
			static_cast<void>(std::move(entry).into_raw());
		return Result<void>::from_errno(err);
	}

	Opaque<xarray> xa_;
};

} // namespace kxx
