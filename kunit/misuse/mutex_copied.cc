// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::Mutex<T, Tag>::Mutex(const kxx::Mutex<T, Tag>&)
// compiler: g++
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

unsigned long reads(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto &same = stats;
#else
	auto same = stats;
#endif

	return same.lock()->reads;
}
