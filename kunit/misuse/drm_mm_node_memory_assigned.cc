// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::MmNode
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

void copy(MmNode<Mapping> &to, const MmNode<Mapping> &from)
{
#ifndef MISUSE
	*to = *from;
#else
	to = from;
#endif
}
