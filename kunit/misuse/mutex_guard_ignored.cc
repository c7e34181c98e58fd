// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::Mutex<Stats>::Guard'
// compiler: g++
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	stats.lock();
#endif
}
