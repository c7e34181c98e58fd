// SPDX-License-Identifier: GPL-2.0
// expect: passing variable 'space_' by reference requires holding spinlock 'queue_'
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Queue {};

void print(const Mm<> &mm);

class Ring {
public:
	explicit Ring(MmRange range) : space_(range, "ring") {}

	void show()
	{
#ifndef MISUSE
		auto guard = queue_.lock();
#endif
		print(space_);
	}

private:
	SpinLock<Queue> queue_;
	Mm<> space_ KXX_GUARDED_BY(queue_);
};
