// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::irq::Disabled::Disabled(const kxx::irq::Disabled&)'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Handler {
#ifndef MISUSE
	void count(const irq::Disabled &irq) { stats.lock(irq)->reads++; }
#else
	explicit Handler(const irq::Disabled &irq) : irq(irq) {}
	void count() { stats.lock(irq)->reads++; }

	irq::Disabled irq;
#endif
	RawSpinLockIrq<Stats> stats;
};
