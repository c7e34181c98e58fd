// SPDX-License-Identifier: GPL-2.0
// expect: Use of memory after it is freed
// compiler: analyzer
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>

using namespace kxx;

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
