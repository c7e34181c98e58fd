// SPDX-License-Identifier: GPL-2.0
// expect: temporary whose address is used as value of local variable 'at' will be destroyed at the end of the full-expression
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

u64 lowest(SpinLock<Mm<>> &space)
{
#ifndef MISUSE
	auto guard = space.lock();
	auto nodes = guard->nodes();
	auto at = nodes.begin();
#else
	auto at = space.lock()->nodes().begin();
#endif

	return (*at).start();
}
