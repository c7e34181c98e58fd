// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'static void* kxx::detail::Held<Lock, Ops>::operator new(size_t, void*)
// compiler: g++
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<void> count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	auto guard = KXX_TRY(Box<SpinLockIrq<Stats>::Guard>::make(GFP_ATOMIC, stats.lock()));

	(*guard)->reads++;
#endif
	return {};
}
