// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/base/xarray.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace xarray_insert_may_sleep_under_spinlock {
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
	// expected-warning@-1 {{cannot call function 'insert' while context 'atomic' is held}}
#endif
}
} // namespace xarray_insert_may_sleep_under_spinlock
