// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

namespace owning_mm_holes_outlive_statement {
u64 unused(SpinLock<OwningMm<>> &space)
{
	u64 sum = 0;

#ifndef MISUSE
	auto guard = space.lock();

	for (auto [start, size] : guard->holes())
#else
	for (auto [start, size] : space.lock()->holes())
	// expected-warning@-1 {{temporary implicitly bound to local reference will be destroyed at the end of the full-expression}}
#endif
		sum += size;
	return sum;
}
} // namespace owning_mm_holes_outlive_statement

namespace owning_mm_inserted_node_outlives_guard {
#ifndef MISUSE
Result<u64> insert(SpinLock<OwningMm<>> &space, FreeNode<> memory)
{
	auto guard = space.lock();
	auto *node = KXX_TRY(guard->insert_node(std::move(memory), 16));

	return node->start();
}
#else
Result<MmNode<> *> insert(SpinLock<OwningMm<>> &space, FreeNode<> memory)
{
	auto guard = space.lock();

	return guard->insert_node(std::move(memory), 16);
	// expected-warning@-1 {{address of stack memory associated with local variable 'guard' returned}}
}
#endif
} // namespace owning_mm_inserted_node_outlives_guard

namespace owning_mm_inserted_node_outlives_statement {
Result<u64> insert(SpinLock<OwningMm<>> &space, FreeNode<> memory)
{
#ifndef MISUSE
	auto guard = space.lock();
	auto *node = KXX_TRY(guard->reserve_node(std::move(memory), 0, 16));
#else
	auto *node = KXX_TRY(space.lock()->reserve_node(std::move(memory), 0, 16));
	// expected-warning@-1 {{temporary whose address is used as value of local variable 'kxx_result_' will be destroyed at the end of the full-expression}}
#endif

	return node->start();
}
} // namespace owning_mm_inserted_node_outlives_statement

namespace owning_mm_memory_inserted_after_move {
Result<u64> insert(OwningMm<> &mm, FreeNode<> memory)
{
#ifdef MISUSE
	FreeNode<> kept = std::move(memory);
#endif
	auto *node = KXX_TRY(mm.insert_node(std::move(memory), 16));
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}

	return node->start();
}
} // namespace owning_mm_memory_inserted_after_move

namespace owning_mm_memory_made_under_spinlock {
Result<void> insert(SpinLock<OwningMm<>> &space) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto guard = space.lock();
#else
	auto guard = space.lock();
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}
#endif

	KXX_TRY(guard->insert_node(std::move(memory), 16));
	return {};
}
} // namespace owning_mm_memory_made_under_spinlock

namespace owning_mm_node_outlives_guard {
#ifndef MISUSE
bool reserved(SpinLock<OwningMm<>> &space, u64 address)
#else
MmNode<> *reserved(SpinLock<OwningMm<>> &space, u64 address)
#endif
{
	auto guard = space.lock();

	return guard->interval_first(address, address);
	// expected-warning@-1 {{address of stack memory associated with local variable 'guard' returned}}
}
} // namespace owning_mm_node_outlives_guard

namespace owning_mm_node_outlives_statement {
u64 start(SpinLock<OwningMm<>> &space, u64 address)
{
#ifndef MISUSE
	auto guard = space.lock();
	auto *node = guard->interval_first(address, address);
#else
	auto *node = space.lock()->interval_first(address, address);
	// expected-warning@-1 {{temporary whose address is used as value of local variable 'node' will be destroyed at the end of the full-expression}}
#endif

	return node ? node->start() : 0;
}
} // namespace owning_mm_node_outlives_statement

namespace owning_mm_node_reference_outlives_guard {
#ifndef MISUSE
u64 start(SpinLock<OwningMm<>> &space)
{
	auto guard = space.lock();
	auto &node = *guard->interval_first(0, 100);

	return node.start();
}
#else
MmNode<> &start(SpinLock<OwningMm<>> &space)
{
	auto guard = space.lock();
	auto &node = *guard->interval_first(0, 100);

	return node;
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
#endif
} // namespace owning_mm_node_reference_outlives_guard

namespace owning_mm_nodes_outlive_statement {
void remove_large(SpinLock<OwningMm<>> &space)
{
#ifndef MISUSE
	auto guard = space.lock();

	for (auto &node : guard->nodes())
		if (node.size() > 16)
			auto removed = guard->remove_node(node);
#else
	for (auto &node : space.lock()->nodes())
		// expected-warning@-1 {{temporary implicitly bound to local reference will be destroyed at the end of the full-expression}}
		if (node.size() > 16)
			auto removed = space.lock()->remove_node(node);
#endif
}
} // namespace owning_mm_nodes_outlive_statement

namespace owning_mm_of_another_object {
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
	// expected-warning@-1 {{reading variable 'space' requires holding spinlock 'to.queue'}}
	return {};
}
} // namespace owning_mm_of_another_object

namespace owning_mm_payload_outlives_guard {
struct Mapping {
	unsigned long pages = 0;
};

#ifndef MISUSE
unsigned long pages(SpinLock<OwningMm<Mapping>> &space)
#else
unsigned long &pages(SpinLock<OwningMm<Mapping>> &space)
#endif
{
	auto guard = space.lock();

	return (*guard->interval_first(0, 100))->pages;
	// expected-warning@-1 {{stack memory associated with local variable 'guard' returned}}
}
} // namespace owning_mm_payload_outlives_guard

namespace owning_mm_scan_outlives_statement {
Result<bool> room(SpinLock<OwningMm<>> &space, MmNode<> &node)
{
#ifndef MISUSE
	auto guard = space.lock();
	MmScan scan(*guard, 16, 0, 0, MmInsertMode::BEST);
#else
	MmScan scan(*space.lock(), 16, 0, 0, MmInsertMode::BEST);
	// expected-warning@-1 {{temporary whose address is used as value of local variable 'scan' will be destroyed at the end of the full-expression}}
#endif

	return scan.add_block(node);
}
} // namespace owning_mm_scan_outlives_statement
