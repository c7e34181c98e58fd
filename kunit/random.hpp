/* SPDX-License-Identifier: GPL-2.0 */
/* random.hpp - a pseudo-random number generator that gives the same numbers in each run */
#pragma once

#include <utility>

#include <kxx/glue/types.h>

/* xorshift64. @seed must not be 0. */
class Random {
public:
	explicit Random(u64 seed) : state_(seed) {}

	u64 next()
	{
		state_ ^= state_ << 13;
		state_ ^= state_ >> 7;
		state_ ^= state_ << 17;
		return state_;
	}
	/* Returns a number from 0 to @n - 1. Drops the low bits, which are less random. */
	u64 below(u64 n) { return (next() >> 11) % n; }
	bool one_in(unsigned int n) { return !below(n); }

	template <typename T> void shuffle(T *objects, u64 n)
	{
		for (u64 i = n; i > 1; i--)
			std::swap(objects[i - 1], objects[below(i)]);
	}

private:
	u64 state_;
};
