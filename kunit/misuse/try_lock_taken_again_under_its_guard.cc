// SPDX-License-Identifier: GPL-2.0
// expect: acquiring spinlock 'queue' that is already held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Queue {
	unsigned int length = 0;
};

void add(SpinLock<Queue> &queue, SpinLock<Queue> &other)
{
	auto held = queue.try_lock();

	if (held) {
#ifndef MISUSE
		auto second = other.lock(held);
#else
		auto second = queue.lock(held);

		static_cast<void>(other);
#endif
		second->length++;
	}
}
