// SPDX-License-Identifier: GPL-2.0
// expect: passing variable 'space' by reference requires holding spinlock 'to.queue'
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Queue {};

struct Ring {
	explicit Ring(MmRange range) : space(range, "ring") {}

	SpinLock<Queue> queue;
	Mm<> space KXX_GUARDED_BY(queue);
};

Result<bool> room([[maybe_unused]] Ring &from, Ring &to, MmNode<> &node)
{
#ifndef MISUSE
	auto guard = to.queue.lock();
#else
	auto guard = from.queue.lock();
#endif
	MmScan scan(to.space, 16, 0, 0, MmInsertMode::BEST);

	return scan.add_block(node);
}
