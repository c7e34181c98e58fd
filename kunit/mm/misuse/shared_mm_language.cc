// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/shared_mm.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;
using namespace kxx::drm;

namespace shared_mm_behind_a_mutex {
#ifndef MISUSE
using Space = SharedMm<NoPayload, SpinLockIrq>;
#else
using Space = SharedMm<NoPayload, Mutex>;
#endif

bool clean(const Space &space)
{
	return space.with_locked([](auto &mm) { return mm.clean(); });
	// expected-error@kxx/mm/shared_mm.hpp:* {{Lock must be SpinLock, SpinLockBh or SpinLockIrq}}
	// expected-note@-2 {{requested here}}
}
} // namespace shared_mm_behind_a_mutex

namespace shared_mm_behind_a_raw_lock {
#ifndef MISUSE
using Space = SharedMm<NoPayload, SpinLockIrq>;
#else
using Space = SharedMm<NoPayload, RawSpinLockIrq>;
#endif

bool clean(const Space &space)
{
	return space.with_locked([](auto &mm) { return mm.clean(); });
	// expected-error@kxx/mm/shared_mm.hpp:* {{Lock must be SpinLock, SpinLockBh or SpinLockIrq}}
	// expected-note@-2 {{requested here}}
}
} // namespace shared_mm_behind_a_raw_lock

namespace shared_mm_copied {
SharedMm<> user(const SharedMm<> &space)
{
#ifndef MISUSE
	return space.share();
#else
	return space; // expected-error {{call to deleted constructor of 'SharedMm<>'}}
#endif
}
} // namespace shared_mm_copied

namespace shared_mm_insert_with_locked {
Result<void> insert(SharedMm<> &space, FreeNode<> memory)
{
#ifndef MISUSE
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));
#else
	auto node =
		space.with_locked([&](auto &mm) { return mm.insert_node(std::move(memory), 16); });
	// expected-error@-1 {{'this' argument to member function 'insert_node' has type 'const kxx::drm::Mm<>',}}
#endif
	return {};
}
} // namespace shared_mm_insert_with_locked

namespace shared_mm_node_assigned {
struct Buffer {
	explicit Buffer(SharedMm<>::Node node) : node(std::move(node)) {}

	SharedMm<>::Node node;
};

Buffer fill(Buffer buffer, SharedMm<>::Node node)
{
#ifndef MISUSE
	return buffer.node.size() < node.size() ? Buffer(std::move(node)) : std::move(buffer);
#else
	buffer.node = std::move(node);
	// expected-error@-1 {{overload resolution selected deleted operator '='}}
	return buffer;
#endif
}
} // namespace shared_mm_node_assigned

namespace shared_mm_node_copied {
u64 start(const SharedMm<>::Node &node)
{
#ifndef MISUSE
	auto &same = node;
#else
	auto same = node; // expected-error {{call to deleted constructor of 'SharedMm<>::Node'}}
#endif

	return same.start();
}
} // namespace shared_mm_node_copied

namespace shared_mm_node_ignored {
/* A node that is ignored would be removed at once. */
Result<u64> insert(SharedMm<> &space, FreeNode<> memory)
{
#ifndef MISUSE
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));

	return node.start();
#else
	KXX_TRY(space.insert_node(std::move(memory), 16));
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
	return 0;
#endif
}
} // namespace shared_mm_node_ignored

namespace shared_mm_node_removed {
/* A SharedMm::Node removes itself in its destructor. */
#ifndef MISUSE
Result<FreeNode<>> free(Mm<> &mm, Node<> node)
#else
Result<FreeNode<>> free(Mm<> &mm, SharedMm<>::Node node)
#endif
{
	return mm.remove_node(std::move(node));
	// expected-error@-1 {{no viable conversion from 'typename std::remove_reference<}}
}
} // namespace shared_mm_node_removed

namespace shared_mm_share_ignored {
void keep(SharedMm<> space);

void user(const SharedMm<> &space)
{
#ifndef MISUSE
	keep(space.share());
#else
	space.share();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace shared_mm_share_ignored

namespace shared_mm_with_locked_returns_node {
u64 lowest(const SharedMm<> &space)
{
#ifndef MISUSE
	return space.with_locked([](auto &mm) { return mm.interval_first(0, 100)->start(); });
#else
	return space.with_locked([](auto &mm) { return mm.interval_first(0, 100); })->start();
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace shared_mm_with_locked_returns_node

namespace shared_mm_with_locked_returns_reference {
bool clean(const SharedMm<> &space)
{
#ifndef MISUSE
	return space.with_locked([](const Mm<> &mm) { return mm.clean(); });
#else
	return space.with_locked([](const Mm<> &mm) { return &mm; })->clean();
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace shared_mm_with_locked_returns_reference
