// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with_locked()
// compiler: g++
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

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
		sum += node.size();
#endif
	return sum;
}
