// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with_locked()
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Queue {
	bool ready = false;
	unsigned int length = 0;
};

Result<unsigned int> length(SpinLock<Queue> &lock)
{
#ifndef MISUSE
	return lock.with_locked([](Queue &queue) -> Result<unsigned int> {
		if (!queue.ready)
			return EAGAIN;
		return queue.length;
	});
#else
	Queue *queue = KXX_TRY(lock.with_locked([](Queue &queue) -> Result<Queue *> {
		if (!queue.ready)
			return EAGAIN;
		return &queue;
	}));

	return queue->length;
#endif
}
