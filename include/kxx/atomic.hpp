/* SPDX-License-Identifier: GPL-2.0 */
/*
 * atomic.hpp - an int that CPUs change together
 * Wraps <linux/atomic.h>. Glue: glue/atomic.h
 */
#pragma once

#include <kxx/glue/atomic.h>
#include <kxx/layout.hpp>

KXX_LAYOUT(kxx_atomic);

namespace kxx {

/**
 * Atomic - atomic_t
 *
 * The methods are C's, and so is their order (Documentation/atomic_t.txt): what
 * says acquire or release orders that way, what returns a value and says neither
 * orders fully, the rest not at all. Pinned. Context: any.
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
	void set(int value) { kxx_atomic_set(atomic_.get(), value); }
	void set_release(int value) { kxx_atomic_set_release(atomic_.get(), value); }

	/** try_cmpxchg - @value if it is @old, and true; else its value to @old, and false */
	bool try_cmpxchg(int &old, int value)
	{
		return kxx_atomic_try_cmpxchg(atomic_.get(), &old, value);
	}
	bool try_cmpxchg_acquire(int &old, int value)
	{
		return kxx_atomic_try_cmpxchg_acquire(atomic_.get(), &old, value);
	}

	void inc() { kxx_atomic_inc(atomic_.get()); }
	/** dec_return - one less; its value then */
	int dec_return() { return kxx_atomic_dec_return(atomic_.get()); }

private:
	Opaque<kxx_atomic> atomic_;
};

} // namespace kxx
