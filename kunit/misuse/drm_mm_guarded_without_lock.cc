// SPDX-License-Identifier: GPL-2.0
// expect: reading variable 'space_' requires holding spinlock 'queue_'
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Queue {};

class Ring {
public:
	explicit Ring(MmRange range) : space_(range, "ring") {}

	Result<Node<>> insert(FreeNode<> memory, u64 size)
	{
#ifndef MISUSE
		auto guard = queue_.lock();
#endif
		return space_.insert_node(std::move(memory), size);
	}

private:
	SpinLock<Queue> queue_;
	Mm<> space_ KXX_GUARDED_BY(queue_);
};
