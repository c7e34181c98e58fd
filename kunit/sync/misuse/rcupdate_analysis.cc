// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/rcupdate.hpp>

using namespace kxx;

namespace rcu_pointer_outlives_statement {
struct Entry {
	rcu::RcuHead rcu;
	unsigned int value;
};

unsigned int find(const rcu::Pointer<Entry> &head)
{
#ifndef MISUSE
	rcu::ReadLock lock;
	Entry *entry = head.dereference(lock);
#else
	Entry *entry = head.dereference(rcu::ReadLock());
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
	rcu::ReadLock lock;
	Entry *entry = head.dereference(lock);

	return entry ? entry->value : 0;
}
#else
Entry *find(const rcu::Pointer<Entry> &head)
{
	rcu::ReadLock lock;

	return head.dereference(lock);
	// expected-warning@-1 {{address of stack memory associated with local variable 'lock' returned}}
}
#endif
} // namespace rcu_pointer_returned
