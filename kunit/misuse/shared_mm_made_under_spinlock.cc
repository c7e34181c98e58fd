// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'make' while context 'atomic' is held
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

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
#endif

	guard->size = 0;
	return space;
}
