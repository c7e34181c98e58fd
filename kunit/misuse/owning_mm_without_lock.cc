// SPDX-License-Identifier: GPL-2.0
// expect: has no member named 'clear'
// compiler: g++
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

void clear(SpinLock<OwningMm<>> &space)
{
#ifndef MISUSE
	space.lock()->clear();
#else
	space.clear();
#endif
}
