// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'make' while context 'atomic' is held
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

Result<LocalLock<Stats>> probe(SpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = queue.lock();

	guard->length++;
#else
	queue.lock()->length++;
#endif
	return LocalLock<Stats>::make();
}
