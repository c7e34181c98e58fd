// SPDX-License-Identifier: GPL-2.0
// expect: temporary whose address is used as value of local variable 'node' will be destroyed at the end of the full-expression
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

u64 lowest(SpinLock<Mm<>> &space)
{
#ifndef MISUSE
	auto guard = space.lock();
	auto *node = guard->interval_first(0, 100);
#else
	auto *node = space.lock()->interval_first(0, 100);
#endif

	return node ? node->start() : 0;
}
