// SPDX-License-Identifier: GPL-2.0
// expect: reading variable 'space' requires holding spinlock 'to.queue'
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Queue {};

struct Ring {
	explicit Ring(MmRange range) : space(range, "ring") {}

	SpinLock<Queue> queue;
	OwningMm<> space KXX_GUARDED_BY(queue);
};

Result<void> move(Ring &from, Ring &to, MmNode<> &node)
{
	auto guard = from.queue.lock();
	auto memory = KXX_TRY(from.space.remove_node(node));
#ifndef MISUSE
	auto second = to.queue.lock(guard);
#endif

	KXX_TRY(to.space.insert_node(std::move(memory), 16));
	return {};
}
