// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::LockedBy<Stats, kxx::SpinLock<Queue> >::with(Pretender&, count(
// compiler: g++
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Queue {};

struct Stats {
	unsigned long reads = 0;
};

struct Pretender {
	using Locked = SpinLock<Queue>;

	bool is_of(const SpinLock<Queue> &) const { return true; }
};

Result<void> count(LockedBy<Stats, SpinLock<Queue>> &stats, SpinLock<Queue> &queue)
{
#ifdef MISUSE
	Pretender guard;
#else
	auto guard = queue.lock();
#endif

	return stats.with(guard, [](Stats &s) { s.reads++; });
}
