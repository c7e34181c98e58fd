/* SPDX-License-Identifier: GPL-2.0 */
/*
 * refcount.hpp - a reference count
 * Wraps <linux/refcount.h>. Glue: glue/sync/refcount.h
 */
#pragma once

#include <kxx/glue/sync/refcount.h>
#include <kxx/base/layout.hpp>

KXX_LAYOUT(refcount_struct);

namespace kxx {

/**
 * Refcount - refcount_t: a count of users that starts at 1
 *
 * Saturates with a warning instead of wrapping around. Cannot be moved. Context: any.
 *
 *     if (shared.users.dec_and_test())
 *             auto freed = Box<Shared>::from_raw(&shared);
 */
class Refcount {
public:
	/** Refcount - refcount_set(1): counts the user that makes the object */
	Refcount() : count_(uninitialized) { kxx_refcount_set(count_.get(), 1); }
	Refcount(const Refcount &) = delete;
	Refcount &operator=(const Refcount &) = delete;

	/** inc - refcount_inc(): adds a user; the caller must be a user already. Unordered */
	void inc() const { kxx_refcount_inc(count_.get()); }

	/**
	 * dec_and_test - refcount_dec_and_test(): removes a user; true if it was the last
	 *
	 * Memory accesses of all users before their dec_and_test() happen before those of the last
	 * user after its own: each call has release order, the last also acquire.
	 */
	[[nodiscard]] bool dec_and_test() const { return kxx_refcount_dec_and_test(count_.get()); }

private:
	mutable Opaque<refcount_struct> count_;
};

} // namespace kxx
