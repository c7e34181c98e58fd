// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with_locked()
// compiler: g++
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

bool clean(SpinLock<Mm<>> &space)
{
#ifndef MISUSE
	return space.with_locked([](Mm<> &mm) { return mm.clean(); });
#else
	return space.with_locked([](Mm<> &mm) { return &mm; })->clean();
#endif
}
