// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse for kernels before 7.3; checked by scripts/tests/misuse.
#define KXX_OLDER_KERNEL
#include <kxx/sync/interrupt_rc.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

namespace irq_guard_unlocked_before_the_inner_one {
#ifndef MISUSE
void count(SpinLock<Stats> &stats, SpinLock<Queue> &queue)
#else
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
#endif
{
	auto first = stats.lock_any_order();
	auto second = queue.lock_any_order(first);

	first->reads++;
	first.unlock();
	// expected-error@kxx/sync/lock.hpp:* {{guards end in reverse order: only kernels since 7.3 count}}
	// expected-note@-2 {{requested here}}
	second->length++;
}
} // namespace irq_guard_unlocked_before_the_inner_one

namespace irq_section_without_a_lock {
void count(RawSpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	auto section = irq::local_interrupt_disable();
	// expected-error@kxx/sync/interrupt_rc.hpp:* {{only where the kernel counts that, since 7.3: take a RawSpinLockIrq}}

	stats.lock(section)->reads++;
#endif
}
} // namespace irq_section_without_a_lock

namespace raw_irq_guard_unlocked_before_the_inner_one {
#ifndef MISUSE
void count(RawSpinLock<Stats> &stats, RawSpinLock<Queue> &queue)
#else
void count(RawSpinLockIrq<Stats> &stats, RawSpinLockIrq<Queue> &queue)
#endif
{
	auto first = stats.lock_any_order();
	auto second = queue.lock_any_order(first);

	first->reads++;
	first.unlock();
	// expected-error@kxx/sync/lock.hpp:* {{guards end in reverse order: only kernels since 7.3 count}}
	// expected-note@-2 {{requested here}}
	second->length++;
}
} // namespace raw_irq_guard_unlocked_before_the_inner_one
