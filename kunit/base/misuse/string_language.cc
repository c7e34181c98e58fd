// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/base/string.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace memset_over_a_lock {
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
	// expected-error@kxx/base/string.hpp:* {{memset() over an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace memset_over_a_lock
