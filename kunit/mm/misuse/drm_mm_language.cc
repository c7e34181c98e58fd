// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/mm/drm_mm.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

namespace drm_mm_borrowed_node_removed {
/* The owner of the node would not know that the node was removed. */
#ifndef MISUSE
Result<FreeNode<>> free(Mm<> &mm, Node<> node)
#else
Result<FreeNode<>> free(Mm<> &mm, MmNode<> &node)
#endif
{
	return mm.remove_node(std::move(node));
	// expected-error@-1 {{no viable conversion from 'typename std::remove_reference<}}
}
} // namespace drm_mm_borrowed_node_removed

namespace drm_mm_color_adjust_by_value {
/* The callback would narrow a copy of the hole. */
struct Guarded {
#ifndef MISUSE
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end);
#else
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 start, u64 end);
#endif
};

bool clean(MmRange range)
{
	Mm<NoPayload, Guarded> mm(range, "guarded");
	// expected-error@kxx/mm/drm_mm.hpp:* {{color_adjust must be: static void color_adjust(const MmNodeBase &, const MmNodeBase &, unsigned long, u64 &, u64 &)}}
	// expected-note@-2 {{requested here}}

	return mm.clean();
}
} // namespace drm_mm_color_adjust_by_value

namespace drm_mm_color_adjust_not_static {
struct Guarded {
#ifndef MISUSE
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end);
#else
	void color_adjust(const MmNodeBase &before, const MmNodeBase &after, unsigned long color,
			  u64 &start, u64 &end);
#endif
};

bool clean(MmRange range)
{
	Mm<NoPayload, Guarded> mm(range, "guarded");
	// expected-error@kxx/mm/drm_mm.hpp:* {{color_adjust must be: static void color_adjust(const MmNodeBase &, const MmNodeBase &, unsigned long, u64 &, u64 &)}}
	// expected-note@-2 {{requested here}}

	return mm.clean();
}
} // namespace drm_mm_color_adjust_not_static

namespace drm_mm_color_adjust_overloaded {
/* An overloaded callback is ambiguous, so Mm could call neither. */
struct Guarded {
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end);
#ifdef MISUSE
	static void color_adjust(unsigned long color);
#endif
};

bool clean(MmRange range)
{
	Mm<NoPayload, Guarded> mm(range, "guarded");
	// expected-error@kxx/mm/drm_mm.hpp:* {{color_adjust must be: static void color_adjust(const MmNodeBase &, const MmNodeBase &, unsigned long, u64 &, u64 &)}}
	// expected-note@-2 {{requested here}}

	return mm.clean();
}
} // namespace drm_mm_color_adjust_overloaded

namespace drm_mm_color_adjust_private {
/* Mm cannot call a private callback. */
class Guarded {
#ifndef MISUSE
public:
#endif
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end);
};

bool clean(MmRange range)
{
	Mm<NoPayload, Guarded> mm(range, "guarded");
	// expected-error@kxx/mm/drm_mm.hpp:* {{color_adjust must be: static void color_adjust(const MmNodeBase &, const MmNodeBase &, unsigned long, u64 &, u64 &)}}
	// expected-note@-2 {{requested here}}

	return mm.clean();
}
} // namespace drm_mm_color_adjust_private

namespace drm_mm_color_adjust_wrong_signature {
struct Guarded {
#ifndef MISUSE
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end);
#else
	static void color_adjust(const MmNodeBase &node, unsigned long color, u64 &start, u64 &end);
#endif
};

bool clean(MmRange range)
{
	Mm<NoPayload, Guarded> mm(range, "guarded");
	// expected-error@kxx/mm/drm_mm.hpp:* {{color_adjust must be: static void color_adjust(const MmNodeBase &, const MmNodeBase &, unsigned long, u64 &, u64 &)}}
	// expected-note@-2 {{requested here}}

	return mm.clean();
}
} // namespace drm_mm_color_adjust_wrong_signature

namespace drm_mm_copied {
bool clean(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
#ifndef MISUSE
	auto &mm = *guard;
#else
	auto mm = *guard; // expected-error {{call to deleted constructor of 'kxx::drm::Mm<>'}}
#endif

	return mm.clean();
}
} // namespace drm_mm_copied

namespace drm_mm_locked_by_returns_node {
struct Queue {};

Result<u64> lowest(SpinLock<Queue> &queue, LockedBy<Mm<>, SpinLock<Queue>> &space)
{
	auto guard = queue.lock();

#ifndef MISUSE
	return space.with(guard, [](Mm<> &mm) { return mm.interval_first(0, 100)->start(); });
#else
	return KXX_TRY(space.with(guard, [](Mm<> &mm) { return mm.interval_first(0, 100); }))
		// expected-error@kxx/sync/locked_by.hpp:* {{a reference to locked data must not leave with()}}
		// expected-note@-2 {{requested here}}
		->start();
#endif
}
} // namespace drm_mm_locked_by_returns_node

namespace drm_mm_moved {
bool clean(Mm<> &mm)
{
#ifndef MISUSE
	Mm<> &same = mm;
#else
	Mm<> same = std::move(mm); // expected-error {{call to deleted constructor of 'Mm<>'}}
#endif

	return same.clean();
}
} // namespace drm_mm_moved

namespace drm_mm_of_a_driver_without_lock {
struct Disk {
	explicit Disk(drm::MmRange range) : space(range, "disk") {}

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		auto memory = drm::FreeNode<>::make(GFP_ATOMIC);

		rq.start();
		if (!memory) {
			rq.end(BlkStatus::NOSPC);
			return QueueStatus::ok();
		}
#ifndef MISUSE
		auto guard = space.lock();
		auto made = guard->insert_node(std::move(memory).value(), 8);
#else
		auto made = space.insert_node(std::move(memory).value(), 8);
		// expected-error@-1 {{'this' argument to member function 'insert_node' has type 'const drm::OwningMm<>',}}
#endif
		rq.end(made ? BlkStatus::OK : BlkStatus::NOSPC);
		return QueueStatus::ok();
	}

private:
#ifndef MISUSE
	SpinLock<drm::OwningMm<>> space;
#else
	drm::OwningMm<> space;
#endif
};

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}
} // namespace drm_mm_of_a_driver_without_lock

namespace drm_mm_under_another_type_of_lock {
struct Queue {};
struct Pages {};

#ifndef MISUSE
using Lock = SpinLock<Queue>;
#else
using Lock = SpinLock<Pages>;
#endif

Result<bool> clean(Lock &lock, LockedBy<Mm<>, SpinLock<Queue>> &space)
{
	auto guard = lock.lock();

	return space.with(guard, [](Mm<> &mm) { return mm.clean(); });
	// expected-error@-1 {{no matching member function for call to 'with'}}
}
} // namespace drm_mm_under_another_type_of_lock

namespace drm_mm_with_locked_returns_hole_iterator {
u64 largest(SpinLock<Mm<>> &space)
{
#ifndef MISUSE
	return space.with_locked([](Mm<> &mm) { return *mm.holes().begin(); }).size;
#else
	return (*space.with_locked([](Mm<> &mm) { return mm.holes().begin(); })).size;
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace drm_mm_with_locked_returns_hole_iterator

namespace drm_mm_with_locked_returns_node {
bool reserved(SpinLock<Mm<>> &space, u64 address)
{
	auto *node = space.with_locked([address](Mm<> &mm) {
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#ifndef MISUSE
		return mm.interval_first(address, address) ? "reserved" : nullptr;
#else
		return mm.interval_first(address, address);
#endif
	});

	return node;
}
} // namespace drm_mm_with_locked_returns_node

namespace drm_mm_with_locked_returns_nodes {
u64 reserved(SpinLock<Mm<>> &space)
{
	u64 sum = 0;

#ifndef MISUSE
	space.with_locked([&sum](Mm<> &mm) {
		for (auto &node : mm.nodes())
			sum += node.size();
	});
#else
	for (auto &node : space.with_locked([](Mm<> &mm) { return mm.nodes(); }))
		// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
		// expected-note@-2 {{requested here}}
		sum += node.size();
#endif
	return sum;
}
} // namespace drm_mm_with_locked_returns_nodes

namespace drm_mm_with_locked_returns_reference {
bool clean(SpinLock<Mm<>> &space)
{
#ifndef MISUSE
	return space.with_locked([](Mm<> &mm) { return mm.clean(); });
#else
	return space.with_locked([](Mm<> &mm) { return &mm; })->clean();
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace drm_mm_with_locked_returns_reference

namespace drm_mm_without_lock {
bool clean(SpinLockIrq<Mm<>> &space)
{
#ifndef MISUSE
	return space.lock()->clean();
#else
	return space.clean();
	// expected-error@-1 {{no member named 'clean' in 'kxx::SpinLockIrq<kxx::drm::Mm<>>'}}
#endif
}
} // namespace drm_mm_without_lock
