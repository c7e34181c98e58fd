// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with_locked()
// compiler: g++
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

u64 lowest(const SharedMm<> &space)
{
#ifndef MISUSE
	return space.with_locked([](auto &mm) { return mm.interval_first(0, 100)->start(); });
#else
	return space.with_locked([](auto &mm) { return mm.interval_first(0, 100); })->start();
#endif
}
