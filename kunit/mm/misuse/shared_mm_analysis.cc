// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/base/sprintf.hpp>
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

namespace shared_mm_made_under_spinlock {
struct Ring {
	u64 size;
};

Result<SharedMm<>> make(SpinLock<Ring> &ring, MmRange range) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto space = SharedMm<>::make(GFP_KERNEL, range, "ring");
#endif
	auto guard = ring.lock();
#ifdef MISUSE
	auto space = SharedMm<>::make(GFP_KERNEL, range, "ring");
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}
#endif

	guard->size = 0;
	return space;
}
} // namespace shared_mm_made_under_spinlock

namespace shared_mm_memory_inserted_after_move {
Result<void> insert(SharedMm<> &space, FreeNode<> memory)
{
#ifdef MISUSE
	FreeNode<> kept = std::move(memory);
#endif
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}

	return {};
}
} // namespace shared_mm_memory_inserted_after_move

namespace shared_mm_node_used_after_move {
void keep(SharedMm<>::Node node);

u64 give(SharedMm<>::Node node)
{
#ifndef MISUSE
	u64 start = node.start();

	keep(std::move(node));
	return start;
#else
	keep(std::move(node));
	return node.start();
	// expected-warning@-1 {{invalid invocation of method 'start' on object 'node' while it is in the 'consumed' state}}
#endif
}
} // namespace shared_mm_node_used_after_move

namespace shared_mm_payload_outlives_node {
#ifndef MISUSE
unsigned long pages(SharedMm<Mapping>::Node node)
#else
unsigned long &pages(SharedMm<Mapping>::Node node)
#endif
{
	return node->pages;
	// expected-warning@-1 {{reference to stack memory associated with parameter 'node' returned}}
}
} // namespace shared_mm_payload_outlives_node

namespace shared_mm_payload_outlives_statement {
Result<unsigned long> map(SharedMm<Mapping> &space, FreeNode<Mapping> memory)
{
#ifndef MISUSE
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));
	Mapping &mapping = *node;
#else
	Mapping &mapping = *KXX_TRY(space.insert_node(std::move(memory), 16));
	// expected-warning@-1 {{temporary bound to local reference 'mapping' will be destroyed at the end of the full-expression}}
#endif

	return mapping.pages;
}
} // namespace shared_mm_payload_outlives_statement

namespace shared_mm_payload_used_after_move {
void keep(SharedMm<Mapping>::Node node);

void map(SharedMm<Mapping>::Node node)
{
#ifndef MISUSE
	node->pages = 1;
	keep(std::move(node));
#else
	keep(std::move(node));
	node->pages = 1;
	// expected-warning@-1 {{invalid invocation of method 'operator->' on object 'node' while it is in the 'consumed' state}}
#endif
}
} // namespace shared_mm_payload_used_after_move

namespace shared_mm_replaced_with_inserted_memory {
Result<FreeNode<>> replace(SharedMm<>::Node &node, FreeNode<> memory)
{
#ifdef MISUSE
	FreeNode<> kept = std::move(memory);
#endif
	return node.replace_node(std::move(memory));
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
}
} // namespace shared_mm_replaced_with_inserted_memory

namespace shared_mm_shared_after_move {
void keep(SharedMm<> space);

SharedMm<> two_users(SharedMm<> space)
{
#ifndef MISUSE
	keep(space.share());
	return space;
#else
	keep(std::move(space));
	return space.share();
	// expected-warning@-1 {{invalid invocation of method 'share' on object 'space' while it is in the 'consumed' state}}
#endif
}
} // namespace shared_mm_shared_after_move

namespace shared_mm_used_after_move {
void keep(SharedMm<> space);

Result<void> insert(SharedMm<> space, FreeNode<> memory)
{
#ifndef MISUSE
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));

	keep(std::move(space));
#else
	keep(std::move(space));

	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));
	// expected-warning@-1 {{invalid invocation of method 'insert_node' on object 'space' while it is in the 'consumed' state}}
#endif
	return {};
}
} // namespace shared_mm_used_after_move

namespace shared_mm_name_local {
Result<SharedMm<>> make(MmRange range, [[maybe_unused]] int number) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return SharedMm<>::make(GFP_KERNEL, range, "ring");
#else
	char name[16];

	scnprintf(name, sizeof(name), "ring%d", number);
	return SharedMm<>::make(GFP_KERNEL, range, name);
	// expected-warning@-1 {{address of stack memory associated with local variable 'name' returned}}
#endif
}
} // namespace shared_mm_name_local
