// SPDX-License-Identifier: GPL-2.0
// expect: to non-scalar type 'std::optional<kxx::Guard<kxx::SpinLockIrq<Stats>, kxx::detail::SpinIrqOps, 0> >' requested
// compiler: g++
#include <optional>

#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	std::optional<SpinLockIrq<Stats>::Guard> guard = stats.lock();

	(*guard)->reads++;
#endif
}
