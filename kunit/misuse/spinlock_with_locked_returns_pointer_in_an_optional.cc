// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with_locked()
#include <optional>

#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Queue {
	unsigned int length = 0;
};

unsigned int length(SpinLock<Queue> &lock)
{
#ifndef MISUSE
	auto found = lock.with_locked([](Queue &queue) { return std::optional(queue.length); });

	return found.value_or(0);
#else
	auto found = lock.with_locked([](Queue &queue) { return std::optional<Queue *>(&queue); });

	return found ? (*found)->length : 0;
#endif
}
