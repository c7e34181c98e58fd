// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with()
// compiler: g++
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Queue {};

Result<u64> lowest(SpinLock<Queue> &queue, LockedBy<Mm<>, SpinLock<Queue>> &space)
{
	auto guard = queue.lock();

#ifndef MISUSE
	return space.with(guard, [](Mm<> &mm) { return mm.interval_first(0, 100)->start(); });
#else
	return KXX_TRY(space.with(guard, [](Mm<> &mm) { return mm.interval_first(0, 100); }))
		->start();
#endif
}
