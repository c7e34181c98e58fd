// SPDX-License-Identifier: GPL-2.0
// expect: calling function 'operator()' requires negative capability '!atomic_context'
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

template <typename F> void twice(F &&f)
{
	f();
	f();
}

void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock();

#ifndef MISUSE
	twice([&guard] { guard->reads++; });
#else
	twice([&guard]() KXX_MAY_SLEEP { guard->reads += !Box<Stats>::make(GFP_KERNEL); });
#endif
}
