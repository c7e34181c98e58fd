// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/base/string.hpp>
#include <kxx/sync/atomic.hpp>
#include <kxx/sync/rcupdate.hpp>
#include <kxx/sync/refcount.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/sync/wait.hpp>

using namespace kxx;

namespace memcpy_of_a_refcount {
struct Disk {
	u64 sectors;
	Refcount users;
};

void reset(Disk &disk)
{
#ifndef MISUSE
	kxx::memset(&disk.sectors, 0, sizeof(disk.sectors));
#else
	kxx::memcpy(&disk.sectors, &disk.users, sizeof(disk.users));
	// expected-error@kxx/base/string.hpp:* {{memcpy() of an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace memcpy_of_a_refcount

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

namespace memset_over_an_atomic {
struct Disk {
	u64 sectors[2];
	Atomic users{ 0 };
};

void reset(Disk &disk)
{
#ifndef MISUSE
	kxx::memset(&disk.sectors, 0, sizeof(disk.sectors));
#else
	kxx::memset(&disk, 0, sizeof(disk));
	// expected-error@kxx/base/string.hpp:* {{memset() over an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace memset_over_an_atomic

namespace memset_over_an_rcu_head {
struct Disk {
	u64 sectors;
	rcu::RcuHead rcu;
};

void reset(Disk &disk)
{
#ifndef MISUSE
	kxx::memset(&disk.sectors, 0, sizeof(disk.sectors));
#else
	kxx::memset(&disk.rcu, 0, sizeof(disk.rcu));
	// expected-error@kxx/base/string.hpp:* {{memset() over an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace memset_over_an_rcu_head

namespace memset_over_an_rcu_pointer {
struct Disk {
	u64 sectors;
	rcu::Pointer<u64> next;
};

void reset(Disk &disk)
{
#ifndef MISUSE
	kxx::memset(&disk.sectors, 0, sizeof(disk.sectors));
#else
	kxx::memset(&disk.next, 0, sizeof(disk.next));
	// expected-error@kxx/base/string.hpp:* {{memset() over an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace memset_over_an_rcu_pointer

namespace memset_over_a_wait_queue_head {
struct Disk {
	u64 sectors;
	WaitQueueHead<> idle;
};

void reset(Disk &disk)
{
#ifndef MISUSE
	kxx::memset(&disk.sectors, 0, sizeof(disk.sectors));
#else
	kxx::memset(&disk.idle, 0, sizeof(disk.idle));
	// expected-error@kxx/base/string.hpp:* {{memset() over an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace memset_over_a_wait_queue_head
