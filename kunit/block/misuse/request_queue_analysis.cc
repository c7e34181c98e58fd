// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace queue_frozen_under_spinlock {
struct Counter {
	int value = 0;
};

void hold(RequestQueue queue, SpinLock<Counter> &counter) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = counter.lock();
#endif
	auto frozen = queue.freeze();
	// expected-warning@-1 {{cannot call function 'freeze' while context 'atomic' is held}}
#ifndef MISUSE
	auto guard = counter.lock();
#endif
	guard->value++;
} // expected-warning {{cannot call function '~FrozenQueue' while context 'atomic' is held}}
} // namespace queue_frozen_under_spinlock
