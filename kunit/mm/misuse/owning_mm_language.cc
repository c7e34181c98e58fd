// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <optional>
#include <utility>

#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

namespace owning_mm_copied {
bool clean(OwningMm<> &mm)
{
#ifndef MISUSE
	auto &same = mm;
#else
	auto same = std::move(mm);
	// expected-error@-1 {{call to deleted constructor of 'typename std::remove_reference<}}
#endif

	return same.clean();
}
} // namespace owning_mm_copied

namespace owning_mm_insert_ignored {
Result<void> insert(OwningMm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	KXX_TRY(mm.insert_node(std::move(memory), 16));
#else
	mm.insert_node(std::move(memory), 16);
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace owning_mm_insert_ignored

namespace owning_mm_node_as_an_owned_one {
/* Destroying a FreeNode frees the memory, while the node is still in the tree. */
Result<u64> insert(OwningMm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	auto *node = KXX_TRY(mm.insert_node(std::move(memory), 16));

	return node->start();
#else
	FreeNode<> node = KXX_TRY(mm.insert_node(std::move(memory), 16));
	// expected-error@-1 {{no viable conversion from 'kxx::drm::MmNode<> *' to 'FreeNode<>'}}

	return node->start();
#endif
}
} // namespace owning_mm_node_as_an_owned_one

namespace owning_mm_owned_node_removed {
#ifndef MISUSE
Result<FreeNode<>> free(OwningMm<> &mm, MmNode<> &node)
#else
Result<FreeNode<>> free(OwningMm<> &mm, Node<> &node)
#endif
{
	return mm.remove_node(node); // expected-error {{non-const lvalue reference to type 'Node'}}
}
} // namespace owning_mm_owned_node_removed

namespace owning_mm_remove_ignored {
Result<void> free(OwningMm<> &mm, MmNode<> &node)
{
#ifndef MISUSE
	auto removed = KXX_TRY(mm.remove_node(node));
#else
	mm.remove_node(node);
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace owning_mm_remove_ignored

namespace owning_mm_with_locked_returns_iterator {
u64 first(SpinLock<OwningMm<>> &space)
{
#ifndef MISUSE
	return space.with_locked([](OwningMm<> &mm) { return (*mm.nodes().begin()).start(); });
#else
	auto at = space.with_locked([](OwningMm<> &mm) { return mm.nodes().begin(); });
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}

	return (*at).start();
#endif
}
} // namespace owning_mm_with_locked_returns_iterator

namespace owning_mm_with_locked_returns_node {
Result<u64> insert(SpinLock<OwningMm<>> &space, FreeNode<> memory)
{
#ifndef MISUSE
	return space.with_locked([&memory](OwningMm<> &mm) -> Result<u64> {
		return KXX_TRY(mm.insert_node(std::move(memory), 16))->start();
	});
#else
	auto *node = KXX_TRY(space.with_locked(
		// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
		// expected-note@-2 {{requested here}}
		[&memory](OwningMm<> &mm) { return mm.insert_node(std::move(memory), 16); }));

	return node->start();
#endif
}
} // namespace owning_mm_with_locked_returns_node

namespace owning_mm_with_locked_returns_node_in_a_pair {
u64 first(SpinLock<OwningMm<>> &space)
{
	auto found = space.with_locked([](OwningMm<> &mm) {
#ifndef MISUSE
		return std::pair(mm.interval_first(0, 9)->start(), mm.clean());
#else
		return std::pair(mm.interval_first(0, 9), mm.clean());
#endif
	});
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-8 {{requested here}}

#ifndef MISUSE
	return found.first;
#else
	return found.first->start();
#endif
}
} // namespace owning_mm_with_locked_returns_node_in_a_pair

namespace owning_mm_with_locked_returns_nodes_in_an_optional {
u64 sum(SpinLock<OwningMm<>> &space)
{
	u64 sum = 0;

#ifndef MISUSE
	space.with_locked([&sum](OwningMm<> &mm) {
		for (auto &node : mm.nodes())
			sum += node.start();
	});
#else
	for (auto &node :
	     *space.with_locked([](OwningMm<> &mm) { return std::optional(mm.nodes()); }))
		// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
		// expected-note@-2 {{requested here}}
		sum += node.start();
#endif
	return sum;
}
} // namespace owning_mm_with_locked_returns_nodes_in_an_optional

namespace owning_mm_with_locked_returns_reference {
bool clean(SpinLock<OwningMm<>> &space)
{
#ifndef MISUSE
	return space.with_locked([](OwningMm<> &mm) { return mm.clean(); });
#else
	return space.with_locked([](OwningMm<> &mm) { return &mm; })->clean();
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace owning_mm_with_locked_returns_reference

namespace owning_mm_without_lock {
void clear(SpinLock<OwningMm<>> &space)
{
#ifndef MISUSE
	space.lock()->clear();
#else
	space.clear();
	// expected-error@-1 {{no member named 'clear' in 'kxx::SpinLock<kxx::drm::OwningMm<>>'}}
#endif
}
} // namespace owning_mm_without_lock
