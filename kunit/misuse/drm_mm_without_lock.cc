// SPDX-License-Identifier: GPL-2.0
// expect: has no member named 'clean'
// compiler: g++
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

bool clean(SpinLockIrq<Mm<>> &space)
{
#ifndef MISUSE
	return space.lock()->clean();
#else
	return space.clean();
#endif
}
