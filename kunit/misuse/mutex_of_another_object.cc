// SPDX-License-Identifier: GPL-2.0
// expect: writing variable 'reads' requires holding mutex 'to.queue' exclusively
#include <kxx/sync/mutex.hpp>

using namespace kxx;
struct Queue {};

struct Disk {
	Mutex<Queue> queue;
	unsigned long reads KXX_GUARDED_BY(queue) = 0;
};

void move_one(Disk &from, Disk &to) KXX_MAY_SLEEP
{
	{
		auto guard = from.queue.lock();

		from.reads--;
	}
#ifndef MISUSE
	auto guard = to.queue.lock();
#else
	auto guard = from.queue.lock();
#endif
	to.reads++;
}
