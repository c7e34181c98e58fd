// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::SharedMm<T, Lock, Tag>::SharedMm(const kxx::drm::SharedMm<T, Lock, Tag>&)
// compiler: g++
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

SharedMm<> user(const SharedMm<> &space)
{
#ifndef MISUSE
	return space.share();
#else
	return space;
#endif
}
