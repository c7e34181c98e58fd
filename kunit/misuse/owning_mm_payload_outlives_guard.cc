// SPDX-License-Identifier: GPL-2.0
// expect: stack memory associated with local variable 'guard' returned
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

#ifndef MISUSE
unsigned long pages(SpinLock<OwningMm<Mapping>> &space)
#else
unsigned long &pages(SpinLock<OwningMm<Mapping>> &space)
#endif
{
	auto guard = space.lock();

	return (*guard->interval_first(0, 100))->pages;
}
