// SPDX-License-Identifier: GPL-2.0
// expect: writing variable 'reads_' requires holding spinlock 'queue_' exclusively
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Queue {};

class Disk {
public:
	void count()
	{
#ifndef MISUSE
		auto guard = queue_.lock();
#endif
		reads_++;
	}

private:
	SpinLockIrq<Queue> queue_;
	unsigned long reads_ KXX_GUARDED_BY(queue_) = 0;
};
