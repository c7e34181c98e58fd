// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

namespace irq_disabled_for_two_locks_at_once {
struct Queue {
	unsigned long length;
};

void count(RawSpinLockIrq<Stats> &stats, RawSpinLockIrq<Queue> &queue, const irq::Disabled &irq)
{
	auto first = stats.lock(irq);
#ifndef MISUSE
	auto second = queue.lock(first);
#else
	auto second = queue.lock(irq);
	// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif

	first->reads += second->length;
}
} // namespace irq_disabled_for_two_locks_at_once

namespace irq_disabled_outlives_guard {
#ifndef MISUSE
unsigned long count(RawSpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	return ++guard->reads;
}
#else
const irq::Disabled &count(RawSpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	guard->reads++;
	return guard.irq();
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
#endif
} // namespace irq_disabled_outlives_guard

namespace irq_disabled_outlives_statement {
void count(const irq::Disabled &irq);

void count_all(RawSpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();
	const irq::Disabled &irq = guard.irq();
#else
	const irq::Disabled &irq = stats.lock().irq();
	// expected-warning@-1 {{temporary bound to local reference 'irq' will be destroyed at the end of the full-expression}}
#endif

	count(irq);
}
} // namespace irq_disabled_outlives_statement
