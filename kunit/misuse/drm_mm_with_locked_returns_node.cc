// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with_locked()
// compiler: g++
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

bool reserved(SpinLock<Mm<>> &space, u64 address)
{
	auto *node = space.with_locked([address](Mm<> &mm) {
#ifndef MISUSE
		return mm.interval_first(address, address) ? "reserved" : nullptr;
#else
		return mm.interval_first(address, address);
#endif
	});

	return node;
}
