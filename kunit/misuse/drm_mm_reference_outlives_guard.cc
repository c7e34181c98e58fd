// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with local variable 'guard' returned
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
bool clean(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return guard->clean();
}
#else
Mm<> &unlocked(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return *guard;
}
#endif
