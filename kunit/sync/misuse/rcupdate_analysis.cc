// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/rcupdate.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace rcu_lock_not_under_the_read_lock {
struct Counter {
	unsigned int n = 0;
};
struct Entry {
	SpinLock<Counter> counter;
};

void count(const rcu::Pointer<Entry> &head)
{
	auto rcu = rcu::read_lock();

	if (auto *entry = head.dereference(rcu)) {
#ifndef MISUSE
		entry->counter.lock(rcu)->n++;
		entry->counter.with_locked(rcu, [](Counter &counter) { counter.n++; });
#else
		entry->counter.lock()->n++;
		// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif
	}
}
} // namespace rcu_lock_not_under_the_read_lock

namespace rcu_mutex_under_the_read_lock {
struct Entry {
	Mutex<unsigned int> value;
};

void count(const rcu::Pointer<Entry> &head, Mutex<unsigned int> &total) KXX_MAY_SLEEP
{
	{
		auto rcu = rcu::read_lock();

		if (auto *entry = head.dereference(rcu)) {
#ifdef MISUSE
			(*entry->value.lock())++;
			// expected-warning@-1 {{cannot call function 'lock' while context 'atomic' is held}}
#else
			static_cast<void>(entry);
#endif
		}
	}
	(*total.lock())++;
}
} // namespace rcu_mutex_under_the_read_lock

namespace rcu_pointer_outlives_statement {
struct Entry {
	rcu::RcuHead rcu;
	unsigned int value;
};

unsigned int find(const rcu::Pointer<Entry> &head)
{
#ifndef MISUSE
	auto lock = rcu::read_lock();
	Entry *entry = head.dereference(lock);
#else
	Entry *entry = head.dereference(rcu::read_lock());
	// expected-warning@-1 {{temporary whose address is used as value of local variable 'entry' will be destroyed}}
#endif
	return entry ? entry->value : 0;
}
} // namespace rcu_pointer_outlives_statement

namespace rcu_pointer_returned {
struct Entry {
	rcu::RcuHead rcu;
	unsigned int value;
};

#ifndef MISUSE
unsigned int find(const rcu::Pointer<Entry> &head)
{
	auto lock = rcu::read_lock();
	Entry *entry = head.dereference(lock);

	return entry ? entry->value : 0;
}
#else
Entry *find(const rcu::Pointer<Entry> &head)
{
	auto lock = rcu::read_lock();

	return head.dereference(lock);
	// expected-warning@-1 {{address of stack memory associated with local variable 'lock' returned}}
}
#endif
} // namespace rcu_pointer_returned

namespace rcu_read_lock_in_braces {
struct Section {
	rcu::ReadLock lock;
};

struct Entry {
	rcu::RcuHead rcu;
	unsigned int value;
};

unsigned int find(const rcu::Pointer<Entry> &head)
{
#ifndef MISUSE
	auto lock = rcu::read_lock();
	Entry *entry = head.dereference(lock);
#else
	Section section{ rcu::read_lock() };
	Entry *entry = head.dereference(section.lock);
#endif
	return entry ? entry->value : 0;
}
// expected-warning@-1 {{context 'atomic' is still held at the end of function}}
} // namespace rcu_read_lock_in_braces

namespace rcu_read_lock_under_the_second_guard {
struct Stats {
	unsigned long reads;
};

void count(SpinLock<Stats> &stats, RawSpinLock<Stats> &others)
{
	auto first = stats.lock_any_order();

	{
		auto second = others.lock(first);

		second->reads += first->reads;
		first.unlock();
#ifdef MISUSE
		auto rcu = rcu::read_lock();
		// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
#endif
	}
	auto rcu = rcu::read_lock();
}
} // namespace rcu_read_lock_under_the_second_guard

namespace rcu_reader_sleeps {
struct Entry {
	rcu::RcuHead rcu;
	unsigned int value;
};

Result<Box<unsigned int>> copy(const rcu::Pointer<Entry> &head) KXX_MAY_SLEEP
{
	auto lock = rcu::read_lock();
	Entry *entry = head.dereference(lock);
#ifndef MISUSE
	return Box<unsigned int>::make(GFP_ATOMIC, entry ? entry->value : 0);
#else
	return Box<unsigned int>::make(GFP_KERNEL, entry ? entry->value : 0);
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}
#endif
}
} // namespace rcu_reader_sleeps
