// SPDX-License-Identifier: GPL-2.0
// expect: reading variable 'space' requires holding spinlock 'to.queue'
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Queue {};

struct Ring {
	explicit Ring(MmRange range) : space(range, "ring") {}

	SpinLockIrq<Queue> queue;
	Mm<> space KXX_GUARDED_BY(queue);
};

[[maybe_unused]] bool both_clean(Ring &from, Ring &to)
{
	{
		auto guard = from.queue.lock();

		if (!from.space.clean())
			return false;
	}
#ifndef MISUSE
	auto guard = to.queue.lock();
#else
	auto guard = from.queue.lock();
#endif
	return to.space.clean();
}
