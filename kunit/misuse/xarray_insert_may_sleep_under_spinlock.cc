// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'insert' while context 'atomic' is held
#include <kxx/sync/spinlock.hpp>
#include <kxx/base/xarray.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<void> keep(SpinLock<Stats> &stats, XArray<Box<Stats>> &all, Box<Stats> copy) KXX_MAY_SLEEP
{
	auto guard = stats.lock();

#ifndef MISUSE
	return all.insert(guard->reads, std::move(copy), GFP_NOWAIT);
#else
	return all.insert(guard->reads, std::move(copy), GFP_KERNEL);
#endif
}
