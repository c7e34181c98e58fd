// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::RawSpinLockIrq<Stats>::lock(Pretender&)'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads = 0;
};

/* Looks like a guard that has interrupts off. */
struct Pretender {
	struct Policy {
		static constexpr bool raw = true;
		static constexpr bool irqs_off = true;
		static constexpr bool irqs_perhaps_off = true;
	};
	static constexpr unsigned int depth = 0;
};

void count(RawSpinLockIrq<Stats> &stats)
{
#ifdef MISUSE
	Pretender pretender;
	auto guard = stats.lock(pretender);
#else
	auto guard = stats.lock();
#endif

	guard->reads++;
}
