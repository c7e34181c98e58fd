// SPDX-License-Identifier: GPL-2.0
// expect: returning address of local temporary object
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
u64 lowest(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
	auto holes = guard->holes();

	return (*holes.begin()).start;
}
#else
MmHoles::Iterator lowest(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return guard->holes().begin();
}
#endif
