// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'freeze' while context 'atomic' is held
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Counter {
	int value = 0;
};

void hold(RequestQueue queue, SpinLock<Counter> &counter) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = counter.lock();
#endif
	auto frozen = queue.freeze();
#ifndef MISUSE
	auto guard = counter.lock();
#endif
	guard->value++;
}
