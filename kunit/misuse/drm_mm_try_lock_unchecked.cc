// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'operator->' on object 'guard' while it is in the 'unknown' state
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

bool clean(SpinLock<Mm<>> &space)
{
	auto guard = space.try_lock();

#ifndef MISUSE
	return guard && guard->clean();
#else
	return guard->clean();
#endif
}
