// SPDX-License-Identifier: GPL-2.0
// expect: acquiring spinlock 'parent' that is already held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLock<Stats> &parent, SpinLock<Stats> &child)
{
	auto outer = parent.lock();
#ifndef MISUSE
	auto inner = child.lock_nested(outer, SINGLE_DEPTH_NESTING);
#else
	auto inner = parent.lock_nested(outer, SINGLE_DEPTH_NESTING);

	child.lock_nested(inner, SINGLE_DEPTH_NESTING)->reads++;
#endif

	outer->reads += inner->reads;
}
