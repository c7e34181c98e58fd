/* SPDX-License-Identifier: GPL-2.0 */
/*
 * atomic.hpp - atomic integers
 * Wraps <linux/atomic.h>. Glue: glue/sync/atomic.h
 */
#pragma once

#include <kxx/glue/sync/atomic.h>
#include <kxx/base/layout.hpp>

KXX_LAYOUT(kxx_atomic);
KXX_LAYOUT(kxx_atomic64);

namespace kxx {

/**
 * Atomic - atomic_t
 *
 * The methods are those of C, with the same ordering (Documentation/atomic_t.txt): _acquire
 * and _release say their order, other methods that return a value are fully ordered, and
 * read(), set() and methods without a return value are unordered. The methods are const, so
 * that callbacks with a const reference to the object can call them. Cannot be moved.
 * Context: any.
 *
 *     Atomic users{ 1 };
 *     users.inc();
 */
class Atomic {
public:
	explicit Atomic(int value) : atomic_(uninitialized) { set(value); }
	Atomic(const Atomic &) = delete;
	Atomic &operator=(const Atomic &) = delete;

	int read() const { return kxx_atomic_read(atomic_.get()); }
	int read_acquire() const { return kxx_atomic_read_acquire(atomic_.get()); }
	void set(int value) const { kxx_atomic_set(atomic_.get(), value); }
	void set_release(int value) const { kxx_atomic_set_release(atomic_.get(), value); }

	/**
	 * try_cmpxchg - Stores @value and returns true if the current value is @old; otherwise
	 * stores the current value in @old and returns false
	 */
	[[nodiscard]] bool try_cmpxchg(int &old, int value) const
	{
		return kxx_atomic_try_cmpxchg(atomic_.get(), &old, value);
	}
	[[nodiscard]] bool try_cmpxchg_acquire(int &old, int value) const
	{
		return kxx_atomic_try_cmpxchg_acquire(atomic_.get(), &old, value);
	}

	void add(int value) const { kxx_atomic_add(atomic_.get(), value); }
	void inc() const { kxx_atomic_inc(atomic_.get()); }
	void dec() const { kxx_atomic_dec(atomic_.get()); }
	/** dec_and_test - Decrements; returns true if the new value is 0 */
	[[nodiscard]] bool dec_and_test() const { return kxx_atomic_dec_and_test(atomic_.get()); }
	/** dec_return - Decrements; returns the new value */
	int dec_return() const { return kxx_atomic_dec_return(atomic_.get()); }

private:
	mutable Opaque<kxx_atomic> atomic_;
};

/**
 * Atomic64 - atomic64_t: the same as Atomic, for an s64
 *
 *     Atomic64 bytes{ 0 };
 *     bytes.add(4096);
 */
class Atomic64 {
public:
	explicit Atomic64(s64 value) : atomic_(uninitialized) { set(value); }
	Atomic64(const Atomic64 &) = delete;
	Atomic64 &operator=(const Atomic64 &) = delete;

	s64 read() const { return kxx_atomic64_read(atomic_.get()); }
	void set(s64 value) const { kxx_atomic64_set(atomic_.get(), value); }

	void add(s64 value) const { kxx_atomic64_add(atomic_.get(), value); }
	void sub(s64 value) const { kxx_atomic64_sub(atomic_.get(), value); }
	void inc() const { add(1); }
	/** inc_return - Increments; returns the new value */
	s64 inc_return() const { return kxx_atomic64_inc_return(atomic_.get()); }

	/** try_cmpxchg - See Atomic::try_cmpxchg() */
	[[nodiscard]] bool try_cmpxchg(s64 &old, s64 value) const
	{
		return kxx_atomic64_try_cmpxchg(atomic_.get(), &old, value);
	}

private:
	mutable Opaque<kxx_atomic64> atomic_;
};

} // namespace kxx
