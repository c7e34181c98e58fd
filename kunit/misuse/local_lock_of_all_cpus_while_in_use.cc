// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::LocalLock<Stats>::for_each_possible_cpu(
// compiler: g++
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

unsigned long sum(LocalLock<Stats> stats)
{
	unsigned long sum = 0;
	auto add = [&sum](const Stats &of_one_cpu) { sum += of_one_cpu.reads; };

#ifndef MISUSE
	std::move(stats).for_each_possible_cpu(add);
#else
	stats.for_each_possible_cpu(add);
#endif
	return sum;
}
