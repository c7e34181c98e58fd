// SPDX-License-Identifier: GPL-2.0
// expect: declaration requires an exit-time destructor
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Ids {
	unsigned int next = 0;
};

unsigned int next_id(SpinLock<Ids> &ids)
{
#ifndef MISUSE
	return ids.lock()->next++;
#else
	static SpinLock<Ids> own;

	static_cast<void>(ids);
	return own.lock()->next++;
#endif
}
