// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'static void* kxx::irq::Disabled::operator new(size_t)'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(RawSpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	auto *irq = new irq::Disabled;

	stats.lock(*irq)->reads++;
#endif
}
