// SPDX-License-Identifier: GPL-2.0
// expect: acquiring mutex 'parent' that is already held
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(Mutex<Stats> &parent, Mutex<Stats> &child) KXX_MAY_SLEEP
{
	auto outer = parent.lock();
#ifndef MISUSE
	auto inner = child.lock_nested(SINGLE_DEPTH_NESTING);
#else
	auto inner = parent.lock_nested(SINGLE_DEPTH_NESTING);

	child.lock_nested(SINGLE_DEPTH_NESTING)->reads++;
#endif

	outer->reads += inner->reads;
}
