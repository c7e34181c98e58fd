// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with_locked()
// compiler: g++
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

bool clean(const SharedMm<> &space)
{
#ifndef MISUSE
	return space.with_locked([](const Mm<> &mm) { return mm.clean(); });
#else
	return space.with_locked([](const Mm<> &mm) { return &mm; })->clean();
#endif
}
