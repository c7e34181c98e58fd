// SPDX-License-Identifier: GPL-2.0
// expect: memset() over an object that is more than its bytes
#include <kxx/sync/spinlock.hpp>
#include <kxx/base/string.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
	unsigned long writes;
};
struct Disk {
	SpinLock<Stats> stats;
};

void reset(Disk &disk)
{
#ifndef MISUSE
	auto stats = disk.stats.lock();

	kxx::memset(&*stats, 0, sizeof(*stats));
#else
	kxx::memset(&disk, 0, sizeof(disk));
#endif
}
