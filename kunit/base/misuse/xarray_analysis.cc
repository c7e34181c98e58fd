// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/base/xarray.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace xarray_dropped_under_spinlock {
struct Stats {
	unsigned long reads;
};

void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	XArray<Box<Stats>> all;
	auto guard = stats.lock();
#else
	auto guard = stats.lock();
	XArray<Box<Stats>> all;
#endif

	guard->reads += !all.load(0);
} // expected-warning {{cannot call function '~XArray' while context 'atomic' is held}}
} // namespace xarray_dropped_under_spinlock

namespace xarray_entry_moved_from {
struct Stats {
	unsigned long reads;
};

Result<void> keep(XArray<Box<Stats>> &all, Box<Stats> first, Box<Stats> second)
{
	if (!second->reads)
		return ENOENT;
	KXX_TRY(all.insert(1, std::move(first), GFP_ATOMIC));
#ifndef MISUSE
	return all.insert(2, std::move(second), GFP_ATOMIC);
#else
	return all.insert(2, std::move(first), GFP_ATOMIC);
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
#endif
}
} // namespace xarray_entry_moved_from

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
