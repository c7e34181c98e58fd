// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::SpinLockIrq
// compiler: g++
#include <kxx/spinlock.hpp>

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
