// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/irqflags.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

namespace irq_disabled_address_taken {
void count(const irq::Disabled &irq);

void timer_expired(const irq::Disabled &irq)
{
#ifndef MISUSE
	count(irq);
#else
	static const irq::Disabled *kept;

	kept = &irq; // expected-error {{overload resolution selected deleted operator '&'}}
	count(*kept);
#endif
}
} // namespace irq_disabled_address_taken

namespace irq_disabled_copied {
void count(RawSpinLockIrq<Stats> &stats, const irq::Disabled &irq)
{
#ifndef MISUSE
	auto &same = irq;
#else
	auto same = irq; // expected-error {{call to deleted constructor of 'irq::Disabled'}}
#endif

	stats.lock(same)->reads++;
}
} // namespace irq_disabled_copied

namespace irq_disabled_for_spinlock_irq {
#ifndef MISUSE
void count(RawSpinLockIrq<Stats> &stats, const irq::Disabled &irq)
#else
void count(SpinLockIrq<Stats> &stats, const irq::Disabled &irq)
#endif
{
	stats.lock(irq)->reads++;
	// expected-error@-1 {{no matching member function for call to 'lock'}}
}
} // namespace irq_disabled_for_spinlock_irq

namespace irq_disabled_from_a_guard_made_up {
struct Stats {
	unsigned long reads = 0;
};

/* Has the members of a guard that disables interrupts, but is none. */
struct Pretender {
	struct Policy {
		static constexpr bool raw = true;
		static constexpr bool irqs_off = true;
		static constexpr bool irqs_perhaps_off = true;
	};
	static constexpr unsigned int depth = 0;
};

void count(RawSpinLockIrq<Stats> &stats)
{
#ifdef MISUSE
	Pretender pretender;
	auto guard = stats.lock(pretender);
	// expected-error@-1 {{no matching member function for call to 'lock'}}
#else
	auto guard = stats.lock();
#endif

	guard->reads++;
}
} // namespace irq_disabled_from_a_guard_made_up

namespace irq_disabled_from_local_lock_irq {
void count(const irq::Disabled &irq);

#ifndef MISUSE
void count_all(RawSpinLockIrq<Stats> &stats)
#else
void count_all(LocalLockIrq<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	guard->reads++;
	count(guard.irq());
	// expected-error@-1 {{no member named 'irq' in 'kxx::detail::PerCpuLock<kxx::LocalLockIrq<Stats>,}}
}
} // namespace irq_disabled_from_local_lock_irq

namespace irq_disabled_from_nothing {
void count(RawSpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	irq::Disabled irq;
	// expected-error@-1 {{calling a private constructor of class 'kxx::irq::Disabled'}}

	stats.lock(irq)->reads++;
#endif
}
} // namespace irq_disabled_from_nothing

namespace irq_disabled_from_raw_spinlock {
void count(const irq::Disabled &irq);

#ifndef MISUSE
void count_all(RawSpinLockIrq<Stats> &stats)
#else
void count_all(RawSpinLock<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	guard->reads++;
	count(guard.irq());
	// expected-error@-1 {{invalid reference to function 'irq': constraints not satisfied}}
}
} // namespace irq_disabled_from_raw_spinlock

namespace irq_disabled_from_raw_spinlock_under_spinlock_irq {
void count(const irq::Disabled &irq);

#ifndef MISUSE
void count_all(RawSpinLockIrq<Stats> &stats, RawSpinLock<Queue> &queue)
#else
void count_all(SpinLockIrq<Stats> &stats, RawSpinLock<Queue> &queue)
#endif
{
	auto outer = stats.lock();
	auto inner = queue.lock(outer);

	outer->reads += inner->length;
	count(inner.irq());
	// expected-error@-1 {{invalid reference to function 'irq': constraints not satisfied}}
}
} // namespace irq_disabled_from_raw_spinlock_under_spinlock_irq

namespace irq_disabled_from_raw_spinlock_under_try_lock {
void count(const irq::Disabled &irq);

void count_all(RawSpinLockIrq<Stats> &stats, RawSpinLock<Queue> &queue)
{
#ifndef MISUSE
	auto outer = stats.lock();
#else
	auto outer = stats.try_lock();
#endif
	auto inner = queue.lock(outer);

	inner->length++;
	count(inner.irq());
	// expected-error@-1 {{invalid reference to function 'irq': constraints not satisfied}}
}
} // namespace irq_disabled_from_raw_spinlock_under_try_lock

namespace irq_disabled_from_soft_hrtimer {
struct Disk {
	// expected-error@kxx/sync/hrtimer.hpp:* {{too few arguments to function call, expected 2, have 1}}
	// expected-note@-2 {{requested here}}
	using Rq = Owned<Request<Disk>>;

#ifndef MISUSE
	static void timer_expired(Rq rq);
#else
	static void timer_expired(Rq rq, const irq::Disabled &irq);
#endif
	HrTimer<Rq, Disk, HrTimerMode::REL> timer;
};

Result<Box<Disk>> probe() KXX_MAY_SLEEP
{
	return Box<Disk>::make(GFP_KERNEL);
}
} // namespace irq_disabled_from_soft_hrtimer

namespace irq_disabled_from_spinlock_irq {
void count(const irq::Disabled &irq);

#ifndef MISUSE
void count_all(RawSpinLockIrq<Stats> &stats)
#else
void count_all(SpinLockIrq<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	guard->reads++;
	count(guard.irq());
	// expected-error@-1 {{invalid reference to function 'irq': constraints not satisfied}}
}
} // namespace irq_disabled_from_spinlock_irq

namespace irq_disabled_moved {
void queue(RawSpinLockIrq<Queue> &queue, const irq::Disabled &irq)
{
	queue.lock(irq)->length++;
}

void count(RawSpinLockIrq<Stats> &stats, const irq::Disabled &irq, RawSpinLockIrq<Queue> &other)
{
	stats.lock(irq)->reads++;
#ifndef MISUSE
	queue(other, irq);
#else
	irq::Disabled moved = std::move(irq);
	// expected-error@-1 {{call to deleted constructor of 'irq::Disabled'}}

	queue(other, moved);
#endif
}
} // namespace irq_disabled_moved

namespace irq_disabled_on_the_heap {
void count(RawSpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	auto *irq = new irq::Disabled; // expected-error {{call to deleted function 'operator new'}}

	stats.lock(*irq)->reads++;
#endif
}
} // namespace irq_disabled_on_the_heap

namespace irq_disabled_returned {
#ifndef MISUSE
unsigned long count(RawSpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	return ++guard->reads;
}
#else
irq::Disabled count(RawSpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	guard->reads++;
	return guard.irq(); // expected-error {{call to deleted constructor of 'irq::Disabled'}}
}
#endif
} // namespace irq_disabled_returned

namespace irq_disabled_stored {
struct Handler {
#ifndef MISUSE
	void count(const irq::Disabled &irq) { stats.lock(irq)->reads++; }
#else
	explicit Handler(const irq::Disabled &irq) : irq(irq) {}
	// expected-error@-1 {{call to deleted constructor of 'irq::Disabled'}}
	void count() { stats.lock(irq)->reads++; }

	irq::Disabled irq;
#endif
	RawSpinLockIrq<Stats> stats;
};
} // namespace irq_disabled_stored
