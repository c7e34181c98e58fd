// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'lock' returned
#include <kxx/sync/rcupdate.hpp>

using namespace kxx;

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
}
#endif
