/* SPDX-License-Identifier: GPL-2.0 */
/*
 * refcount.hpp - a count of an object's users
 * Wraps <linux/refcount.h>. Glue: glue/sync/refcount.h
 */
#pragma once

#include <kxx/glue/sync/refcount.h>
#include <kxx/base/layout.hpp>

KXX_LAYOUT(refcount_struct);

namespace kxx {

/**
 * Refcount - refcount_t: a count of users that begins at 1 and ends at 0, once
 *
 * Saturates, with a warning, rather than wrap. Pinned. Context: any.
 *
 *     if (shared.users.dec_and_test())
 *             auto freed = Box<Shared>::from_raw(&shared);
 */
class Refcount {
public:
	/** Refcount - refcount_set(1): for the user that makes it */
	Refcount() : count_(uninitialized) { kxx_refcount_set(count_.get(), 1); }
	Refcount(const Refcount &) = delete;
	Refcount &operator=(const Refcount &) = delete;

	/** inc - refcount_inc(): one more user; the caller must be one already. Unordered */
	void inc() const { kxx_refcount_inc(count_.get()); }

	/**
	 * dec_and_test - refcount_dec_and_test(): one user less; true for the last
	 *
	 * Everything that a user did before this call happens before what the last user does
	 * after it: release in each call, acquire in the last.
	 */
	[[nodiscard]] bool dec_and_test() const { return kxx_refcount_dec_and_test(count_.get()); }

private:
	mutable Opaque<refcount_struct> count_;
};

} // namespace kxx
