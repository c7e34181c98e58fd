// SPDX-License-Identifier: GPL-2.0
// expect: temporary whose address is used as value of local variable 'entry' will be destroyed
#include <kxx/sync/rcupdate.hpp>

using namespace kxx;

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
#endif
	return entry ? entry->value : 0;
}
