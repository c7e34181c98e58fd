// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

namespace drm_mm_memory_inserted_after_move {
Result<void> probe(Mm<> &mm) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
#ifdef MISUSE
	FreeNode<> kept = std::move(memory);
#endif
	auto node = KXX_TRY(mm.insert_node(std::move(memory), 16));
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));

	return {};
}
} // namespace drm_mm_memory_inserted_after_move

namespace drm_mm_memory_inserted_twice {
Result<void> probe(Mm<> &mm, FreeNode<> memory, [[maybe_unused]] FreeNode<> more)
{
	auto first = mm.insert_node(std::move(memory), 16);
#ifndef MISUSE
	auto second = mm.insert_node(std::move(more), 16);
#else
	auto second = mm.insert_node(std::move(memory), 16);
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
#endif

	auto removed = mm.remove_node(KXX_TRY(std::move(first)));
	auto removed_too = mm.remove_node(KXX_TRY(std::move(second)));

	return {};
}
} // namespace drm_mm_memory_inserted_twice

namespace drm_mm_memory_made_in_the_statement_of_the_lock {
/* Allocates with GFP_KERNEL. */
FreeNode<> make_memory() KXX_MAY_SLEEP;

Result<Node<>> insert(SpinLock<Mm<>> &space) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto memory = make_memory();

	return space.lock()->insert_node(std::move(memory), 16);
#else
	return space.lock()->insert_node(make_memory(), 16);
	// expected-warning@-1 {{cannot call function 'make_memory' while context 'atomic' is held}}
#endif
}
} // namespace drm_mm_memory_made_in_the_statement_of_the_lock

namespace drm_mm_memory_made_under_spinlock {
Result<Node<>> insert(SpinLock<Mm<>> &space) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto guard = space.lock();
#else
	auto guard = space.lock();
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}
#endif

	return guard->insert_node(std::move(memory), 16);
}
} // namespace drm_mm_memory_made_under_spinlock

namespace drm_mm_memory_used_after_insert {
Result<Node<Mapping>> map(Mm<Mapping> &mm, FreeNode<Mapping> memory, unsigned long pages)
{
#ifndef MISUSE
	(*memory)->pages = pages;
#endif
	auto node = KXX_TRY(mm.insert_node(std::move(memory), pages));

#ifdef MISUSE
	(*memory)->pages = pages;
	// expected-warning@-1 {{invalid invocation of method 'operator*' on object 'memory' while it is in the 'consumed' state}}
#endif
	return node;
}
} // namespace drm_mm_memory_used_after_insert

namespace drm_mm_node_dropped {
Result<void> probe(Mm<> &mm) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto node = KXX_TRY(mm.insert_node(std::move(memory), 16));

#ifndef MISUSE
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
#endif
	return {};
	// expected-warning@-1 {{method '~Node' on object 'node' while it is in the 'unconsumed' state}}
}
} // namespace drm_mm_node_dropped

namespace drm_mm_node_dropped_in_a_result {
void keep(Node<> node);

Result<void> insert(Mm<> &mm, FreeNode<> memory)
{
	auto inserted = mm.insert_node(std::move(memory), 16);

	if (!inserted)
		return inserted.error();
#ifndef MISUSE
	keep(std::move(inserted).value());
#endif
	return {};
	// expected-warning@-1 {{invalid invocation of method '~Result' on object 'inserted' while it is in the 'unconsumed' state}}
}
} // namespace drm_mm_node_dropped_in_a_result

namespace drm_mm_node_dropped_in_loop {
Result<void> probe(Mm<> &mm) KXX_MAY_SLEEP
{
	for (int i = 0; i < 8; i++) {
		auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
		auto node = KXX_TRY(mm.insert_node(std::move(memory), 16));

#ifdef MISUSE
		if (node.start() % 2)
			continue;
		// expected-warning@-1 {{method '~Node' on object 'node' while it is in the 'unconsumed' state}}
#endif
		auto removed = KXX_TRY(mm.remove_node(std::move(node)));
	}
	return {};
}
} // namespace drm_mm_node_dropped_in_loop

namespace drm_mm_node_dropped_on_error {
void keep(Node<> node);

Result<void> insert(Mm<> &mm, FreeNode<> one, FreeNode<> other)
{
	auto first = KXX_TRY(mm.insert_node(std::move(one), 16));
#ifndef MISUSE
	auto second = mm.insert_node(std::move(other), 16);

	keep(std::move(first));
	keep(KXX_TRY(std::move(second)));
#else
	keep(KXX_TRY(mm.insert_node(std::move(other), 16)));
	// expected-warning@-1 {{method '~Node' on object 'first' while it is in the 'unconsumed' state}}
	keep(std::move(first));
#endif
	return {};
}
} // namespace drm_mm_node_dropped_on_error

namespace drm_mm_node_dropped_on_one_path {
Result<void> probe(Mm<> &mm) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto node = KXX_TRY(mm.insert_node(std::move(memory), 16));

	if (node.start() > 100) {
#ifndef MISUSE
		auto removed = KXX_TRY(mm.remove_node(std::move(node)));
#endif
		return ENOSPC;
		// expected-warning@-1 {{method '~Node' on object 'node' while it is in the 'unconsumed' state}}
	}
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
	return {};
}
} // namespace drm_mm_node_dropped_on_one_path

namespace drm_mm_node_ignored {
Result<void> probe(Mm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	auto removed = KXX_TRY(mm.remove_node(KXX_TRY(mm.insert_node(std::move(memory), 16))));
#else
	KXX_TRY(mm.insert_node(std::move(memory), 16));
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
	// expected-warning@-2 {{invalid invocation of method '~Node' on a temporary object while it is in the}}
#endif
	return {};
}
} // namespace drm_mm_node_ignored

namespace drm_mm_node_removed_twice {
Result<void> probe(Mm<> &mm) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto node = KXX_TRY(mm.insert_node(std::move(memory), 16));
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));

#ifdef MISUSE
	auto again = KXX_TRY(mm.remove_node(std::move(node)));
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
#endif
	return {};
}
} // namespace drm_mm_node_removed_twice

namespace drm_mm_node_used_after_move {
void keep(Node<> node);

u64 insert(Node<> node)
{
#ifndef MISUSE
	u64 size = node.size();

	keep(std::move(node));
	return size;
#else
	keep(std::move(node));
	return node.size();
	// expected-warning@-1 {{invalid invocation of method 'size' on object 'node' while it is in the 'consumed' state}}
#endif
}
} // namespace drm_mm_node_used_after_move

namespace drm_mm_node_used_after_remove {
Result<u64> probe(Mm<> &mm) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto node = KXX_TRY(mm.insert_node(std::move(memory), 16));
	u64 start = node.start();

	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
#ifndef MISUSE
	return start;
#else
	return start + node.start();
	// expected-warning@-1 {{method 'start' on object 'node' while it is in the 'consumed' state}}
#endif
}
} // namespace drm_mm_node_used_after_remove

namespace drm_mm_nodes_in_range_outlive_statement {
u64 reserved(SpinLock<Mm<>> &space, u64 end)
{
	u64 sum = 0;

#ifndef MISUSE
	auto guard = space.lock();
	auto nodes = guard->nodes_in_range(0, end);
#else
	auto nodes = space.lock()->nodes_in_range(0, end);
	// expected-warning@-1 {{temporary whose address is used as value of local variable 'nodes' will be destroyed at the end of the full-expression}}
#endif

	for (auto &node : nodes)
		sum += node.size();
	return sum;
}
} // namespace drm_mm_nodes_in_range_outlive_statement

namespace drm_mm_nodes_outlive_allocator {
#ifndef MISUSE
bool left(MmRange range)
#else
MmNodes<MmNode<>> left(MmRange range)
#endif
{
	Mm<> mm(range, "local");

#ifndef MISUSE
	return mm.nodes().begin() != mm.nodes().end();
#else
	return mm.nodes();
	// expected-warning@-1 {{address of stack memory associated with local variable 'mm' returned}}
#endif
}
} // namespace drm_mm_nodes_outlive_allocator

namespace drm_mm_nodes_outlive_statement {
u64 reserved(SpinLock<Mm<>> &space)
{
	u64 sum = 0;

#ifndef MISUSE
	auto guard = space.lock();

	for (auto &node : guard->nodes())
#else
	for (auto &node : space.lock()->nodes())
	// expected-warning@-1 {{temporary implicitly bound to local reference will be destroyed at the end of the full-expression}}
#endif
		sum += node.size();
	return sum;
}
} // namespace drm_mm_nodes_outlive_statement

namespace drm_mm_payload_outlives_node {
#ifndef MISUSE
unsigned long pages(const Node<Mapping> &node)
{
	return node->pages;
}
#else
unsigned long &pages(Node<Mapping> node)
{
	return node->pages;
	// expected-warning@-1 {{reference to stack memory associated with parameter 'node' returned}}
	// clang22-warning@-2 {{invalid invocation of method '~Node' on object 'node'}}
}
#endif
} // namespace drm_mm_payload_outlives_node

namespace drm_mm_payload_outlives_removed_memory {
Result<unsigned long> unmap(Mm<Mapping> &mm, Node<Mapping> node)
{
#ifndef MISUSE
	auto memory = KXX_TRY(mm.remove_node(std::move(node)));
	Mapping &mapping = **memory;
#else
	Mapping &mapping = **KXX_TRY(mm.remove_node(std::move(node)));
	// expected-warning@-1 {{temporary bound to local reference 'mapping' will be destroyed at the end of the full-expression}}
#endif

	return mapping.pages;
}
} // namespace drm_mm_payload_outlives_removed_memory

namespace drm_mm_payload_used_after_remove {
Result<unsigned long> unmap(Mm<Mapping> &mm, Node<Mapping> node)
{
	auto memory = KXX_TRY(mm.remove_node(std::move(node)));

#ifndef MISUSE
	return (*memory)->pages;
#else
	return node->pages;
	// expected-warning@-1 {{invalid invocation of method 'operator->' on object 'node' while it is in the 'consumed' state}}
#endif
}
} // namespace drm_mm_payload_used_after_remove

namespace drm_mm_replace_of_removed_node {
Result<FreeNode<>> swap(Mm<> &mm, Node<> &node KXX_PARAM_TYPESTATE(unconsumed), FreeNode<> memory)
{
#ifndef MISUSE
	auto replaced = KXX_TRY(mm.replace_node(node, std::move(memory)));
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
#else
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
	auto replaced = KXX_TRY(mm.replace_node(node, std::move(memory)));
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
#endif

	return replaced;
}
} // namespace drm_mm_replace_of_removed_node

namespace drm_mm_replace_with_inserted_memory {
Result<FreeNode<>> swap(Mm<> &mm, Node<> &node KXX_UNCONSUMED, FreeNode<> memory)
{
#ifdef MISUSE
	auto inserted = mm.insert_node(std::move(memory), 16);
	auto removed = mm.remove_node(KXX_TRY(std::move(inserted)));
#endif
	return mm.replace_node(node, std::move(memory));
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
}
} // namespace drm_mm_replace_with_inserted_memory
