// SPDX-License-Identifier: GPL-2.0
// expect: returning variable 'space_' by reference requires holding spinlock 'queue_'
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Queue {};

class Ring {
public:
	explicit Ring(MmRange range) : space_(range, "ring") {}

#ifndef MISUSE
	bool space()
	{
		auto guard = queue_.lock();

		return space_.clean();
	}
#else
	Mm<> &space()
	{
		auto guard = queue_.lock();

		return space_;
	}
#endif

private:
	SpinLock<Queue> queue_;
	Mm<> space_ KXX_GUARDED_BY(queue_);
};
