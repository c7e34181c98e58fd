// SPDX-License-Identifier: GPL-2.0
// expect: writing variable 'reads' requires holding spinlock 'to.queue' exclusively
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Queue {};

struct Disk {
	SpinLockIrq<Queue> queue;
	unsigned long reads KXX_GUARDED_BY(queue) = 0;
};

void move_one(Disk &from, Disk &to)
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
