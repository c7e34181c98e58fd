// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's static analyzer must find; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

namespace mutex_freed_under_its_guard {
struct Config {
	unsigned int depth = 0;
};
struct Disk {
	Mutex<Config> config;
};

void remove(Box<Disk> disk) KXX_MAY_SLEEP
{
#ifndef MISUSE
	{
		auto guard = disk->config.lock();

		guard->depth = 0;
	}
	auto gone = std::move(disk);
#else
	auto guard = disk->config.lock();

	guard->depth = 0;
	{
		auto gone = std::move(disk);
	}
#endif
}
// expected-warning@kxx/sync/lock.hpp:* {{Use of memory after it is}}
// expected-note@-2 {{Calling '~Guard'}}
} // namespace mutex_freed_under_its_guard
