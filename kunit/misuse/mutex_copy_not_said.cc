// SPDX-License-Identifier: GPL-2.0
// expect: calling function 'operator*' requires negative capability '!atomic_context'
#include <kxx/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
Stats copy(Mutex<Stats> &stats) KXX_MAY_SLEEP
#else
Stats copy(Mutex<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	return *guard;
}
