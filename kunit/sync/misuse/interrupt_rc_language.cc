// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/interrupt_rc.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

namespace irq_section_copied {
void count(RawSpinLockIrq<Stats> &stats)
{
	auto section = irq::local_interrupt_disable();
#ifndef MISUSE
	auto &same = section;
#else
	auto same = section;
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'GuardIn<}}
#endif

	stats.lock(same)->reads++;
}
} // namespace irq_section_copied

namespace irq_section_ignored {
void count(RawSpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto section = irq::local_interrupt_disable();

	stats.lock(section)->reads++;
#else
	irq::local_interrupt_disable();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}

	stats.lock()->reads++;
#endif
}
} // namespace irq_section_ignored

namespace irq_section_over_local_lock {
#ifndef MISUSE
void count(RawSpinLock<Stats> &stats)
#else
void count(LocalLock<Stats> &stats)
#endif
{
	auto section = irq::local_interrupt_disable();
	auto guard = stats.lock(section);
	// expected-error@kxx/sync/lock.hpp:* {{this lock sleeps on PREEMPT_RT, so not under a raw_spinlock_t}}
	// expected-note@-2 {{while substituting deduced template arguments}}

	guard->reads++;
}
} // namespace irq_section_over_local_lock

namespace irq_section_over_spinlock {
#ifndef MISUSE
void count(RawSpinLockIrq<Stats> &stats)
#else
void count(SpinLockIrq<Stats> &stats)
#endif
{
	auto section = irq::local_interrupt_disable();
	auto guard = stats.lock(section);
	// expected-error@kxx/sync/lock.hpp:* {{this lock sleeps on PREEMPT_RT, so not under a raw_spinlock_t}}
	// expected-note@-2 {{while substituting deduced template arguments}}

	guard->reads++;
}
} // namespace irq_section_over_spinlock

namespace irq_section_proves_after_a_guard_that_may_end {
void count(const irq::Disabled &irq);

void count_all(RawSpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();
#else
	auto guard = stats.lock_any_order();
#endif

	count(guard.irq());
	// expected-error@-1 {{no member named 'irq' in 'kxx::MaybeGuard<kxx::RawSpinLockIrq<Stats>,}}
}
} // namespace irq_section_proves_after_a_guard_that_may_end

namespace irq_section_under_a_bh_guard_that_may_end {
void count(SpinLockBh<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();
#else
	auto guard = stats.lock_any_order();
#endif
	auto section = irq::local_interrupt_disable(guard);
	// expected-error@kxx/sync/interrupt_rc.hpp:* {{unlock() of an outer SpinLockBh guard would run softirqs with interrupts off}}
	// expected-note@-2 {{requested here}}

	guard->reads++;
}
} // namespace irq_section_under_a_bh_guard_that_may_end
