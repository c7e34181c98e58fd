// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'guard' returned
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
bool reserved(SpinLock<OwningMm<>> &space, u64 address)
#else
MmNode<> *reserved(SpinLock<OwningMm<>> &space, u64 address)
#endif
{
	auto guard = space.lock();

	return guard->interval_first(address, address);
}
