/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xarray.hpp - a sparse array that owns its entries
 * Wraps <linux/xarray.h>. Glue: glue/base/xarray.h
 */
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/sync/sched.h>
#include <kxx/glue/base/xarray.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/mm/slab.hpp>

KXX_LAYOUT(xarray);

namespace kxx {

/**
 * XArray - A sparse array of @Owner, indexed by unsigned long
 * @Owner: the type of the entries; it has into_raw(), as_raw() and from_raw(), as Box has
 *
 * Owns its entries: the destructor drops all that are left. Has its own lock, so the methods are
 * const, except drain(), and callbacks with a const reference to the object can call them. load()
 * and find() of a const XArray return a pointer to const. Cannot be moved. Context of the
 * destructor: process, may sleep.
 *
 *     XArray<Box<Page>> pages;
 *     KXX_TRY(pages.insert(7, std::move(page), GFP_NOIO));
 */
template <typename Owner> class XArray {
	using Raw = decltype(std::declval<const Owner &>().as_raw());
	using ConstRaw = const std::remove_pointer_t<Raw> *;

public:
	/** XArray - xa_init() */
	XArray() { kxx_xa_init(xa_.get()); }
	~XArray() KXX_MAY_SLEEP
	{
		drain([](Owner) {});
		::xa_destroy(xa_.get());
	}
	XArray(const XArray &) = delete;
	XArray &operator=(const XArray &) = delete;

	/**
	 * load - xa_load(): returns a borrowed pointer to the entry at @index, or NULL
	 *
	 * The pointer is valid until the entry is erased or drained; the caller must make sure that
	 * no other task does so meanwhile. Context: any.
	 */
	Raw load(unsigned long index) { return static_cast<Raw>(::xa_load(xa_.get(), index)); }
	ConstRaw load(unsigned long index) const
	{
		return static_cast<ConstRaw>(::xa_load(xa_.get(), index));
	}

	/**
	 * insert - xa_insert(): stores @entry at @index
	 *
	 * Fails with -EBUSY if @index has an entry, or with -ENOMEM; @entry then still owns its
	 * object, although clang counts a local variable as moved from. Fails with -EINVAL and a
	 * warning if @entry is empty. Takes the xa_lock. Context: that of a SpinLock; process for a
	 * GfpMaySleep.
	 */
	Result<void> insert(unsigned long index, Owner &&entry KXX_PARAM_TYPESTATE(unconsumed),
			    GfpMaySleep gfp) const KXX_MAY_SLEEP
	{
		return insert(index, std::move(entry), gfp.raw());
	}
	Result<void> insert(unsigned long index, Owner &&entry KXX_PARAM_TYPESTATE(unconsumed),
			    GfpAtomic gfp) const
	{
		return insert(index, std::move(entry), gfp.raw());
	}

	/**
	 * erase - xa_erase(): removes and returns the entry at @index, if any
	 *
	 * Takes the xa_lock. Context: that of a SpinLock.
	 */
	std::optional<Owner> erase(unsigned long index) const
	{
		auto raw = static_cast<Raw>(::xa_erase(xa_.get(), index));

		if (!raw)
			return std::nullopt;
		return Owner::from_raw(raw);
	}

	/**
	 * find - xa_find(): returns the first entry at or after @index, or NULL
	 *
	 * Sets @index to the entry's index. The pointer is borrowed, as from load(). A loop that goes
	 * on at index + 1 must end after an entry at ULONG_MAX, since index + 1 is 0 then.
	 */
	Raw find(unsigned long &index) { return static_cast<Raw>(kxx_xa_find(xa_.get(), &index)); }
	ConstRaw find(unsigned long &index) const
	{
		return static_cast<ConstRaw>(kxx_xa_find(xa_.get(), &index));
	}

	/**
	 * drain - xa_erase(): passes each removed entry to @f
	 *
	 * Other tasks may call erase() meanwhile. Context: process, may sleep.
	 */
	template <typename F> void drain(F &&f) KXX_MAY_SLEEP
	{
		unsigned long index = 0;

		while (kxx_xa_find(xa_.get(), &index)) {
			/* Another task may have erased the entry meanwhile. */
			if (auto entry = erase(index))
				f(*std::move(entry));
			/* Millions of entries would otherwise cause a soft lockup. */
			kxx_cond_resched();
		}
	}

private:
	Result<void> insert(unsigned long index, Owner &&entry, gfp_t gfp) const
	{
		Raw raw = entry.as_raw();

		/* xa_insert() of NULL would succeed, and reserve @index. */
		if (!raw) [[unlikely]] {
			kxx_warn("kxx: BUG: XArray::insert() of an owner that is empty\n");
			return EINVAL;
		}

		int err = kxx_xa_insert(xa_.get(), index, raw, gfp);

		if (!err)
			static_cast<void>(std::move(entry).into_raw());
		return detail::known_result(err);
	}

	mutable Opaque<xarray> xa_;
};

} // namespace kxx
