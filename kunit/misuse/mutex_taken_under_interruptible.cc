// SPDX-License-Identifier: GPL-2.0
// expect: acquiring mutex 'config' that is already held
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Config {
	unsigned int depth = 0;
};

Result<void> set(Mutex<Config> &config) KXX_MAY_SLEEP
{
	auto held = config.lock_interruptible();

	if (!held)
		return EINTR;
#ifndef MISUSE
	held->depth++;
#else
	config.lock()->depth++;
#endif
	return {};
}
