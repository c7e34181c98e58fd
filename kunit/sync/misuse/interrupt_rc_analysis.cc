// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>
#include <kxx/sync/interrupt_rc.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

namespace any_order_data_after_unlock {
void count(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock_any_order();

#ifndef MISUSE
	guard->reads++;
	guard.unlock();
#else
	guard.unlock();
	guard->reads++;
	// expected-warning@-1 {{method 'operator->' on object 'guard' while it is in the 'consumed' state}}
#endif
}
} // namespace any_order_data_after_unlock

namespace any_order_lock_under_what_was_unlocked {
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	auto guard = stats.lock_any_order();

	guard->reads++;
#ifndef MISUSE
	queue.lock(guard)->length++;
	guard.unlock();
#else
	guard.unlock();
	queue.lock(guard)->length++;
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
#endif
}
} // namespace any_order_lock_under_what_was_unlocked

namespace any_order_second_not_under_the_first {
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	auto first = stats.lock_any_order();
#ifndef MISUSE
	auto second = queue.lock_any_order(first);
#else
	auto second = queue.lock_any_order();
	// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif

	first->reads++;
	first.unlock();
	second->length++;
}
} // namespace any_order_second_not_under_the_first

namespace any_order_sleeps_under_the_second {
Result<void> count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue) KXX_MAY_SLEEP
{
	auto first = stats.lock_any_order();
	auto second = queue.lock_any_order(first);

	first->reads += second->length;
	first.unlock();
#ifndef MISUSE
	second.unlock();
#endif
	auto more = KXX_TRY(Box<Stats>::make(GFP_KERNEL));
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}

	static_cast<void>(more);
	return {};
}
} // namespace any_order_sleeps_under_the_second

namespace any_order_try_lock_unlocked_unchecked {
void count(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.try_lock();

#ifndef MISUSE
	if (guard)
#endif
		guard.unlock();
	// expected-warning@-1 {{method 'unlock' on object 'guard' while it is in the 'unknown' state}}
}
} // namespace any_order_try_lock_unlocked_unchecked

namespace any_order_unlocked_twice {
void count(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock_any_order();

	guard->reads++;
	guard.unlock();
#ifdef MISUSE
	guard.unlock();
	// expected-warning@-1 {{method 'unlock' on object 'guard' while it is in the 'consumed' state}}
	// expected-warning@-2 2 {{that was not held}}
#endif
}
} // namespace any_order_unlocked_twice

namespace irq_section_not_under_the_guard {
void count(RawSpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto section = irq::local_interrupt_disable(guard);
#else
	auto section = irq::local_interrupt_disable();
	// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif

	guard->reads++;
}
} // namespace irq_section_not_under_the_guard

namespace irq_section_not_under_the_second_guard {
/* A section without its outer guard would take no part in the check of lock(section). */
void count(SpinLock<Stats> &stats, RawSpinLockIrq<Queue> &queue)
{
	auto first = stats.lock_any_order();
	auto second = queue.lock(first);

	second->length += first->reads;
	first.unlock();
#ifndef MISUSE
	auto section = irq::local_interrupt_disable(second);
#else
	auto section = irq::local_interrupt_disable();
	// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
#endif
}
} // namespace irq_section_not_under_the_second_guard

namespace irq_section_outlived_by_its_proof {
void count(const irq::Disabled &irq);

void count_all()
{
#ifndef MISUSE
	auto section = irq::local_interrupt_disable();
	const irq::Disabled &irq = section.irq();
#else
	const irq::Disabled &irq = irq::local_interrupt_disable().irq();
	// expected-warning@-1 {{temporary bound to local reference 'irq' will be destroyed at the end of the full-expression}}
#endif

	count(irq);
}
} // namespace irq_section_outlived_by_its_proof

namespace irq_section_sleeps {
Result<void> count() KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto section = irq::local_interrupt_disable();
#endif
	auto more = KXX_TRY(Box<Stats>::make(GFP_KERNEL));
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}

	static_cast<void>(more);
	return {};
}
} // namespace irq_section_sleeps
