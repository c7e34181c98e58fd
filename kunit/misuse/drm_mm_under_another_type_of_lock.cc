// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::LockedBy<kxx::drm::Mm<>, kxx::SpinLock<Queue> >::with(kxx::Guard<kxx::SpinLock<Pages>
// compiler: g++
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Queue {};
struct Pages {};

#ifndef MISUSE
using Lock = SpinLock<Queue>;
#else
using Lock = SpinLock<Pages>;
#endif

Result<bool> clean(Lock &lock, LockedBy<Mm<>, SpinLock<Queue>> &space)
{
	auto guard = lock.lock();

	return space.with(guard, [](Mm<> &mm) { return mm.clean(); });
}
