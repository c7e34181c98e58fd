// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::drm::SharedMm<>
// compiler: g++
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

void keep(SharedMm<> space);

void user(const SharedMm<> &space)
{
#ifndef MISUSE
	keep(space.share());
#else
	space.share();
#endif
}
