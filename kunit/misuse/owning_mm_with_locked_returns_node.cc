// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with_locked()
// compiler: g++
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<u64> insert(SpinLock<OwningMm<>> &space, FreeNode<> memory)
{
#ifndef MISUSE
	return space.with_locked([&memory](OwningMm<> &mm) -> Result<u64> {
		return KXX_TRY(mm.insert_node(std::move(memory), 16))->start();
	});
#else
	auto *node = KXX_TRY(space.with_locked(
		[&memory](OwningMm<> &mm) { return mm.insert_node(std::move(memory), 16); }));

	return node->start();
#endif
}
