// SPDX-License-Identifier: GPL-2.0
// expect: call to implicitly-deleted copy constructor of 'SpinLockIrq<Stats>'
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

unsigned long reads(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto &same = stats;
#else
	auto same = stats;
#endif

	return same.lock()->reads;
}
