// SPDX-License-Identifier: GPL-2.0
// expect: method 'operator->' on object 'guard' while it is in the 'unknown' state
#include <kxx/base/err.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<void> count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock_interruptible();

#ifndef MISUSE
	if (!guard)
		return EINTR;
#endif
	guard->reads++;
	return {};
}
