// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::MmNode
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

u64 size(const MmNode<> &node)
{
#ifndef MISUSE
	auto &same = node;
#else
	auto same = node;
#endif

	return same.size();
}
