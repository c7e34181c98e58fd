// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'static void* kxx::detail::Held<Lock, Ops>::operator new(size_t)
// compiler: g++
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	auto *guard = new auto(stats.lock());

	(*guard)->reads++;
#endif
}
