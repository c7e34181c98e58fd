// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Queue {};

namespace drm_mm_borrowed_node_outlives_allocator {
#ifndef MISUSE
u64 lowest(MmRange range)
#else
MmNode<> *lowest(MmRange range)
#endif
{
	Mm<> mm(range, "local");

#ifndef MISUSE
	auto *node = mm.interval_first(0, 100);

	return node ? node->start() : 0;
#else
	return mm.interval_first(0, 100);
	// expected-warning@-1 {{address of stack memory associated with local variable 'mm' returned}}
#endif
}
} // namespace drm_mm_borrowed_node_outlives_allocator

namespace drm_mm_borrowed_node_outlives_guard {
#ifndef MISUSE
u64 lowest(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
	auto *node = guard->interval_first(0, 100);

	return node ? node->start() : 0;
}
#else
MmNode<> *lowest(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return guard->interval_first(0, 100);
	// expected-warning@-1 {{address of stack memory associated with local variable 'guard' returned}}
}
#endif
} // namespace drm_mm_borrowed_node_outlives_guard

namespace drm_mm_borrowed_node_outlives_statement {
u64 lowest(SpinLock<Mm<>> &space)
{
#ifndef MISUSE
	auto guard = space.lock();
	auto *node = guard->interval_first(0, 100);
#else
	auto *node = space.lock()->interval_first(0, 100);
	// expected-warning@-1 {{temporary whose address is used as value of local variable 'node' will be destroyed at the end of the full-expression}}
#endif

	return node ? node->start() : 0;
}
} // namespace drm_mm_borrowed_node_outlives_statement

namespace drm_mm_color_adjust_sleeps {
struct Guarded {
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end)
#ifndef MISUSE
		;
#else
		KXX_MAY_SLEEP;
#endif
};

bool clean(MmRange range)
{
	Mm<NoPayload, Guarded> mm(range, "guarded");
	// expected-warning@kxx/mm/drm_mm.hpp:* {{calling function 'color_adjust' requires negative capability '!atomic_context'}}
	// expected-note@-2 {{requested here}}

	return mm.clean();
}
} // namespace drm_mm_color_adjust_sleeps

namespace drm_mm_guarded_passed_by_reference {
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
		// expected-warning@-1 {{passing variable 'space_' by reference requires holding spinlock 'queue_'}}
	}

private:
	SpinLock<Queue> queue_;
	Mm<> space_ KXX_GUARDED_BY(queue_);
};
} // namespace drm_mm_guarded_passed_by_reference

namespace drm_mm_guarded_returned {
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
		// expected-warning@-1 {{returning variable 'space_' by reference requires holding spinlock 'queue_'}}
	}
#endif

private:
	SpinLock<Queue> queue_;
	Mm<> space_ KXX_GUARDED_BY(queue_);
};
} // namespace drm_mm_guarded_returned

namespace drm_mm_guarded_without_lock {
class Ring {
public:
	explicit Ring(MmRange range) : space_(range, "ring") {}

	Result<Node<>> insert(FreeNode<> memory, u64 size)
	{
#ifndef MISUSE
		auto guard = queue_.lock();
#endif
		return space_.insert_node(std::move(memory), size);
		// expected-warning@-1 {{reading variable 'space_' requires holding spinlock 'queue_'}}
	}

private:
	SpinLock<Queue> queue_;
	Mm<> space_ KXX_GUARDED_BY(queue_);
};
} // namespace drm_mm_guarded_without_lock

namespace drm_mm_holes_outlive_guard {
#ifndef MISUSE
u64 unused(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
	u64 sum = 0;

	for (auto [start, size] : guard->holes())
		sum += size;
	return sum;
}
#else
MmHoles unused(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return guard->holes();
	// expected-warning@-1 {{address of stack memory associated with local variable 'guard' returned}}
}
#endif
} // namespace drm_mm_holes_outlive_guard

namespace drm_mm_iterator_outlives_guard {
#ifndef MISUSE
u64 lowest(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
	auto holes = guard->holes();

	return (*holes.begin()).start;
}
#else
MmHoles::Iterator lowest(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return guard->holes().begin();
	// expected-warning@-1 {{returning address of local temporary object}}
}
#endif
} // namespace drm_mm_iterator_outlives_guard

namespace drm_mm_iterator_outlives_statement {
u64 lowest(SpinLock<Mm<>> &space)
{
#ifndef MISUSE
	auto guard = space.lock();
	auto nodes = guard->nodes();
	auto at = nodes.begin();
#else
	auto at = space.lock()->nodes().begin();
	// expected-warning@-1 {{temporary whose address is used as value of local variable 'at' will be destroyed at the end of the full-expression}}
#endif

	return (*at).start();
}
} // namespace drm_mm_iterator_outlives_statement

namespace drm_mm_of_another_object {
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
	// expected-warning@-1 {{reading variable 'space' requires holding spinlock 'to.queue'}}
}
} // namespace drm_mm_of_another_object

namespace drm_mm_reference_outlives_guard {
#ifndef MISUSE
bool clean(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return guard->clean();
}
#else
Mm<> &unlocked(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return *guard;
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
#endif
} // namespace drm_mm_reference_outlives_guard

namespace drm_mm_reference_outlives_statement {
bool clean(SpinLock<Mm<>> &space)
{
#ifndef MISUSE
	auto guard = space.lock();
	Mm<> &mm = *guard;
#else
	Mm<> &mm = *space.lock();
	// expected-warning@-1 {{local reference 'mm' will be destroyed at the end of the full-expression}}
#endif

	return mm.clean();
}
} // namespace drm_mm_reference_outlives_statement

namespace drm_mm_taken_twice {
void free(SpinLock<Mm<>> &space, Node<> node)
{
	auto guard = space.lock();

	guard->print();
#ifndef MISUSE
	auto removed = guard->remove_node(std::move(node));
#else
	auto removed = space.lock(guard)->remove_node(std::move(node));
	// expected-warning@-1 {{acquiring spinlock 'space' that is already held}}
#endif
}
} // namespace drm_mm_taken_twice

namespace drm_mm_try_lock_unchecked {
bool clean(SpinLock<Mm<>> &space)
{
	auto guard = space.try_lock();

#ifndef MISUSE
	return guard && guard->clean();
#else
	return guard->clean();
	// expected-warning@-1 {{invalid invocation of method 'operator->' on object 'guard' while it is in the 'unknown' state}}
#endif
}
} // namespace drm_mm_try_lock_unchecked
