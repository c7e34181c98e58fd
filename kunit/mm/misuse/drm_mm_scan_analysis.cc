// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

namespace drm_mm_scan_node_after_remove {
void keep(Node<> node);

Result<bool> room(Mm<> &mm, Node<> &node KXX_PARAM_TYPESTATE(unconsumed))
{
	MmScan scan(mm, 16, 0, 0, MmInsertMode::BEST);
#ifndef MISUSE
	bool enough = KXX_TRY(scan.add_block(node));

	keep(std::move(node));
#else
	keep(std::move(node));

	bool enough = KXX_TRY(scan.add_block(node));
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
#endif
	return Result<bool>(enough);
}
} // namespace drm_mm_scan_node_after_remove

namespace drm_mm_scan_of_another_object {
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
	// expected-warning@-1 {{passing variable 'space' by reference requires holding spinlock 'to.queue'}}

	return scan.add_block(node);
}
} // namespace drm_mm_scan_of_another_object

namespace drm_mm_scan_outlives_allocator {
using Scan = MmScan<NoPayload, void>;

#ifndef MISUSE
bool empty(MmRange range)
{
	Mm<> mm(range, "local");
	Scan scan(mm, 16, 0, 0, MmInsertMode::BEST);

	return !scan.remove_block();
}
#else
Scan empty(MmRange range)
{
	Mm<> mm(range, "local");

	return Scan(mm, 16, 0, 0, MmInsertMode::BEST);
	// expected-warning@-1 {{address of stack memory associated with local variable 'mm' returned}}
}
#endif
} // namespace drm_mm_scan_outlives_allocator

namespace drm_mm_scan_outlives_guard {
using Scan = MmScan<NoPayload, void>;

#ifndef MISUSE
Result<bool> room(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
	Scan scan(*guard, 16, 0, 0, MmInsertMode::BEST);

	for (auto &node : guard->nodes())
		if (KXX_TRY(scan.add_block(node)))
			return Result<bool>(true);
	return Result<bool>(false);
}
#else
Scan room(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return Scan(*guard, 16, 0, 0, MmInsertMode::BEST);
	// expected-warning@-1 {{address of stack memory associated with local variable 'guard' returned}}
}
#endif
} // namespace drm_mm_scan_outlives_guard

namespace drm_mm_scan_outlives_statement {
Result<bool> room(SpinLock<Mm<>> &space, Node<> &node KXX_UNCONSUMED)
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
} // namespace drm_mm_scan_outlives_statement
