// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

namespace drm_mm_scan_add_block_ignored {
Result<void> room(Mm<> &mm)
{
	MmScan scan(mm, 16, 0, 0, MmInsertMode::BEST);

	for (auto &node : mm.nodes())
#ifndef MISUSE
		if (KXX_TRY(scan.add_block(node)))
			break;
#else
		scan.add_block(node);
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace drm_mm_scan_add_block_ignored

namespace drm_mm_scan_block_ignored {
bool evicts(MmScan<NoPayload, void> &scan)
{
#ifndef MISUSE
	return scan.remove_block().evict;
#else
	scan.remove_block();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
	return false;
#endif
}
} // namespace drm_mm_scan_block_ignored

namespace drm_mm_scan_color_evict_ignored {
bool done(MmScan<NoPayload, void> &scan)
{
#ifndef MISUSE
	return !scan.color_evict();
#else
	scan.color_evict();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
	return true;
#endif
}
} // namespace drm_mm_scan_color_evict_ignored

namespace drm_mm_scan_copied {
Result<bool> add(MmScan<NoPayload, void> &scan, MmNode<> &node)
{
#ifndef MISUSE
	auto &same = scan;
#else
	auto same = scan;
	// expected-error@-1 {{call to deleted constructor of 'MmScan<NoPayload, void>'}}
#endif

	return same.add_block(node);
}
} // namespace drm_mm_scan_copied

namespace drm_mm_scan_insert_mode_as_a_number {
void room(Mm<> &mm)
{
#ifndef MISUSE
	MmScan<NoPayload, void> scan(mm, 16, 0, 0, MmInsertMode::BEST);
#else
	MmScan<NoPayload, void> scan(mm, 16, 0, 0, 0);
	// expected-error@-1 {{no matching constructor for initialization of 'MmScan<NoPayload, void>'}}
#endif
}
} // namespace drm_mm_scan_insert_mode_as_a_number

namespace drm_mm_scan_moved {
using Scan = MmScan<NoPayload, void>;

struct Eviction {
#ifndef MISUSE
	explicit Eviction(Mm<> &mm) : scan(mm, 16, 0, 0, MmInsertMode::BEST) {}
#else
	explicit Eviction(Scan &&scan) : scan(std::move(scan)) {}
	// expected-error@-1 {{call to deleted constructor of 'Scan'}}
#endif

	Scan scan;
};
} // namespace drm_mm_scan_moved

namespace drm_mm_scan_node_of_another_allocator {
struct Ring;
struct Heap;

#ifndef MISUSE
using Tag = Ring;
#else
using Tag = Heap;
#endif

Result<bool> room(Mm<NoPayload, Ring> &mm, Node<NoPayload, Tag> &node KXX_UNCONSUMED)
{
	MmScan scan(mm, 16, 0, 0, MmInsertMode::BEST);

	return scan.add_block(node);
	// expected-error@-1 {{no matching member function for call to 'add_block'}}
}
} // namespace drm_mm_scan_node_of_another_allocator

namespace drm_mm_scan_of_a_const_allocator {
#ifndef MISUSE
void room(Mm<> &mm)
#else
void room(const Mm<> &mm)
#endif
{
	MmScan<NoPayload, void> scan(mm, 16, 0, 0, MmInsertMode::BEST);
	// expected-error@-1 {{no matching constructor for initialization of 'MmScan<NoPayload, void>'}}
}
} // namespace drm_mm_scan_of_a_const_allocator

namespace drm_mm_scan_on_the_heap {
using Scan = MmScan<NoPayload, void>;

Result<bool> room(Mm<> &mm, MmNode<> &node)
{
#ifndef MISUSE
	Scan scan(mm, 16, 0, 0, MmInsertMode::BEST);

	return scan.add_block(node);
#else
	auto scan = KXX_TRY(Box<Scan>::make(GFP_ATOMIC, mm, 16, 0, 0, MmInsertMode::BEST));
	// expected-error@kxx/mm/slab.hpp:* {{call to deleted function 'operator new'}}
	// expected-note@-2 {{requested here}}

	return scan->add_block(node);
#endif
}
} // namespace drm_mm_scan_on_the_heap

namespace drm_mm_scan_with_locked_returns_block {
u64 first(SpinLock<Mm<>> &space)
{
	auto block = space.with_locked([](Mm<> &mm) {
		MmScan scan(mm, 16, 0, 0, MmInsertMode::BEST);

#ifndef MISUSE
		return scan.remove_block().evict;
#else
		return scan.remove_block();
#endif
	});
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-10 {{requested here}}

#ifndef MISUSE
	return block;
#else
	return block.node->start();
#endif
}
} // namespace drm_mm_scan_with_locked_returns_block
