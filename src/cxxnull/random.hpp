/* SPDX-License-Identifier: GPL-2.0 */
/*
 * random.hpp - pseudorandom numbers that depend only on a seed and a position
 */
#pragma once

#include <kxx/glue/types.h>

namespace cxxnull {

/**
 * random_at - returns the @n-th number of the sequence that @seed begins
 *
 * SplitMix64 computes the n-th number without those before it. So CPUs that draw numbers at
 * the same time share only the counter @n. Context: any.
 */
constexpr u64 random_at(u64 seed, u64 n)
{
	u64 mixed = seed + (n + 1) * 0x9e3779b97f4a7c15ull;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ull;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebull;
	return mixed ^ (mixed >> 31);
}

/** below - maps @random, uniform in u64, to a number from 0 to @limit - 1; @limit is not 0 */
constexpr u64 below(u64 random, u64 limit)
{
	return static_cast<u64>((static_cast<unsigned __int128>(random) * limit) >> 64);
}

/* The first numbers that the authors of the algorithm publish for seed 0. */
static_assert(random_at(0, 0) == 0xe220a8397b1dcdafull);
static_assert(random_at(0, 1) == 0x6e789e6aa1b965f4ull);

} // namespace cxxnull
