// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

namespace drm_mm_insert_ignored {
Result<void> probe(Mm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	auto removed = KXX_TRY(mm.remove_node(KXX_TRY(mm.insert_node(std::move(memory), 16))));
#else
	mm.insert_node(std::move(memory), 16);
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace drm_mm_insert_ignored

namespace drm_mm_insert_mode_as_a_number {
Result<Node<>> insert(Mm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	return mm.insert_node_generic(std::move(memory), 16, 0, 0, MmInsertMode::HIGH);
#else
	return mm.insert_node_generic(std::move(memory), 16, 0, 0, 2);
	// expected-error@-1 {{cannot initialize a parameter of type 'MmInsertMode' with an rvalue of type 'int'}}
#endif
}
} // namespace drm_mm_insert_mode_as_a_number

namespace drm_mm_inserted_node_as_memory {
/* Destroying a FreeNode frees the memory, while the node is still in the tree. */
void free(Mm<> &mm, Node<> node)
{
#ifndef MISUSE
	auto removed = mm.remove_node(std::move(node));
#else
	FreeNode<> memory(std::move(node));
	// expected-error@-1 {{no matching constructor for initialization of 'FreeNode<>'}}
#endif
	mm.print();
}
} // namespace drm_mm_inserted_node_as_memory

namespace drm_mm_memory_of_another_payload {
struct Mapping {
	unsigned long pages = 0;
};

#ifndef MISUSE
Result<Node<Mapping>> insert(Mm<Mapping> &mm, FreeNode<Mapping> memory)
#else
Result<Node<Mapping>> insert(Mm<Mapping> &mm, FreeNode<> memory)
#endif
{
	return mm.insert_node(std::move(memory), 16);
	// expected-error@-1 {{no viable conversion from 'Box<MmNode<kxx::drm::NoPayload>>' to}}
}
} // namespace drm_mm_memory_of_another_payload

namespace drm_mm_node_assigned {
struct Buffer {
	Node<> node;
};

/* The node that the buffer owned would be dropped while still inserted. */
Result<void> move_to(Mm<> &mm, Buffer &buffer, FreeNode<> memory)
{
#ifndef MISUSE
	auto replaced = KXX_TRY(mm.replace_node(buffer.node, std::move(memory)));
#else
	buffer.node = KXX_TRY(mm.insert_node(std::move(memory), buffer.node.size()));
	// expected-error@-1 {{overload resolution selected deleted operator '='}}
#endif
	return {};
}
} // namespace drm_mm_node_assigned

namespace drm_mm_node_copied {
void remove(Mm<> &mm, Node<> node)
{
#ifndef MISUSE
	auto removed = mm.remove_node(std::move(node));
#else
	auto removed = mm.remove_node(Node<>(node));
	// expected-error@-1 {{functional-style cast from 'Node<>' to 'Node<>' uses deleted function}}
#endif
}
} // namespace drm_mm_node_copied

namespace drm_mm_node_from_nothing {
Result<Node<>> insert(Mm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	return mm.insert_node(std::move(memory), 16);
#else
	mm.print();
	return Node<>(*memory);
	// expected-error@-1 {{calling a private constructor of class 'kxx::drm::Node<>'}}
#endif
}
} // namespace drm_mm_node_from_nothing

namespace drm_mm_node_given_up {
void keep(MmNode<> *node);

void give_up(Node<> node)
{
#ifndef MISUSE
	keep(std::move(node).into_raw());
#else
	std::move(node).into_raw();
	// expected-warning@-1 {{declared with 'nodiscard' attribute: nobody else}}
#endif
}
} // namespace drm_mm_node_given_up

namespace drm_mm_node_inserted_again {
Result<Node<>> grow(Mm<> &mm, Node<> node)
{
	u64 size = node.size() + 1;

#ifndef MISUSE
	return mm.insert_node(KXX_TRY(mm.remove_node(std::move(node))), size);
#else
	return mm.insert_node(std::move(node), size);
	// expected-error@-1 {{no viable conversion from 'typename std::remove_reference<}}
#endif
}
} // namespace drm_mm_node_inserted_again

namespace drm_mm_node_memory_assigned {
struct Mapping {
	unsigned long pages = 0;
};

void copy(MmNode<Mapping> &to, const MmNode<Mapping> &from)
{
#ifndef MISUSE
	*to = *from;
#else
	to = from;
	// expected-error@-1 {{object of type 'MmNode<Mapping>' cannot be assigned because its copy assignment}}
#endif
}
} // namespace drm_mm_node_memory_assigned

namespace drm_mm_node_memory_copied {
u64 size(const MmNode<> &node)
{
#ifndef MISUSE
	auto &same = node;
#else
	auto same = node;
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'MmNode<>'}}
#endif

	return same.size();
}
} // namespace drm_mm_node_memory_copied

namespace drm_mm_node_memory_moved {
/* The constructor accepts anything, even a MmNode. */
struct Payload {
	template <typename... From> explicit Payload(From &&...) {}
};

u64 size(MmNode<Payload> &node)
{
#ifndef MISUSE
	auto &same = node;
#else
	MmNode<Payload> same(std::move(node));
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'MmNode<Payload>'}}
#endif

	return same.size();
}
} // namespace drm_mm_node_memory_moved

namespace drm_mm_node_memory_on_the_stack {
Result<Node<>> insert(Mm<> &mm)
{
#ifndef MISUSE
	auto memory = KXX_TRY(FreeNode<>::make(GFP_ATOMIC));
#else
	MmNode<> memory;
#endif

	return mm.insert_node(std::move(memory), 16);
	// expected-error@-1 {{no viable conversion from 'typename std::remove_reference<}}
}
} // namespace drm_mm_node_memory_on_the_stack

namespace drm_mm_node_of_another_allocator {
struct Ring;
struct Heap;

#ifndef MISUSE
Result<FreeNode<>> free(Mm<NoPayload, Ring> &ring, Node<NoPayload, Ring> node)
#else
Result<FreeNode<>> free(Mm<NoPayload, Ring> &ring, Node<NoPayload, Heap> node)
#endif
{
	return ring.remove_node(std::move(node));
	// expected-error@-1 {{no viable conversion from 'Node<[...], drm_mm_node_of_another_allocator::Heap>' to}}
}
} // namespace drm_mm_node_of_another_allocator

namespace drm_mm_node_removed_under_const {
#ifndef MISUSE
Result<FreeNode<>> free(Mm<> &mm, Node<> node)
#else
Result<FreeNode<>> free(const Mm<> &mm, Node<> node)
#endif
{
	return mm.remove_node(std::move(node));
	// expected-error@-1 {{'this' argument to member function 'remove_node' has type 'const Mm<>', but}}
}
} // namespace drm_mm_node_removed_under_const

namespace drm_mm_range_unchecked {
Result<bool> probe(u64 pages)
{
#ifndef MISUSE
	Mm<> mm(KXX_TRY(MmRange::make(0, pages)), "pages");
#else
	Mm<> mm(MmRange(0, pages), "pages");
	// expected-error@-1 {{calling a private constructor of class 'kxx::drm::MmRange'}}
#endif

	return mm.clean();
}
} // namespace drm_mm_range_unchecked

namespace drm_mm_remove_ignored {
Result<void> free(Mm<> &mm, Node<> node)
{
#ifndef MISUSE
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
#else
	mm.remove_node(std::move(node));
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace drm_mm_remove_ignored
