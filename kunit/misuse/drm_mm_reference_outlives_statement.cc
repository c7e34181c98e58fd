// SPDX-License-Identifier: GPL-2.0
// expect: local reference 'mm' will be destroyed at the end of the full-expression
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

bool clean(SpinLock<Mm<>> &space)
{
#ifndef MISUSE
	auto guard = space.lock();
	Mm<> &mm = *guard;
#else
	Mm<> &mm = *space.lock();
#endif

	return mm.clean();
}
