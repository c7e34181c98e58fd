// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <optional>

#include <kxx/mm/slab.hpp>
#include <kxx/sync/rcupdate.hpp>

using namespace kxx;

struct Entry {
	rcu::RcuHead rcu;
	unsigned int value;
};

namespace rcu_head_is_not_the_first_member {
struct Entry {
#ifdef MISUSE
	unsigned int value;
#endif
	rcu::RcuHead rcu;
};

void drop(Box<Entry> entry)
{
	rcu::kfree_rcu<&Entry::rcu>(std::move(entry));
	// expected-error@kxx/sync/rcupdate.hpp:* {{kfree() needs the address of the RcuHead}}
	// expected-note@-2 {{requested here}}
}
} // namespace rcu_head_is_not_the_first_member

namespace rcu_read_lock_in_box {
struct Section {
	rcu::ReadLock lock;
};

Result<unsigned int> find(const rcu::Pointer<Entry> &head)
{
#ifndef MISUSE
	auto lock = rcu::read_lock();
	Entry *entry = head.dereference(lock);
#else
	auto section = KXX_TRY(Box<Section>::make(GFP_ATOMIC));
	// expected-error@kxx/mm/slab.hpp:* {{call to implicitly-deleted default constructor of 'rcu_read_lock_in_box::Section'}}
	// expected-note@-2 {{requested here}}
	Entry *entry = head.dereference(section->lock);
#endif
	return entry ? entry->value : 0;
}
} // namespace rcu_read_lock_in_box

namespace rcu_read_lock_in_optional {
unsigned int find(const rcu::Pointer<Entry> &head)
{
#ifndef MISUSE
	auto lock = rcu::read_lock();
	Entry *entry = head.dereference(lock);
#else
	std::optional<rcu::ReadLock> lock;

	lock.emplace(); // expected-error {{no matching member function for call to 'emplace'}}
	Entry *entry = head.dereference(*lock);
#endif
	return entry ? entry->value : 0;
}
} // namespace rcu_read_lock_in_optional

namespace rcu_read_lock_in_struct {
struct Section {
	rcu::ReadLock lock;
};

unsigned int find(const rcu::Pointer<Entry> &head)
{
#ifndef MISUSE
	auto lock = rcu::read_lock();
	Entry *entry = head.dereference(lock);
#else
	Section section; // expected-error {{call to implicitly-deleted default constructor of 'Section'}}
	Entry *entry = head.dereference(section.lock);
#endif
	return entry ? entry->value : 0;
}
} // namespace rcu_read_lock_in_struct

namespace rcu_grace_period_ignored {
void wait() KXX_MAY_SLEEP
{
#ifndef MISUSE
	rcu::GracePeriod::start().wait();
#else
	rcu::GracePeriod::start();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace rcu_grace_period_ignored
