// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'for_each_possible_cpu' while context 'atomic' is held
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

unsigned long sum(LocalLock<Stats> stats)
{
	unsigned long sum = 0;
#ifdef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	stats.lock()->reads++;
#endif
	std::move(stats).for_each_possible_cpu([&sum](const Stats &s) { sum += s.reads; });
	return sum;
}
