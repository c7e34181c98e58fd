// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::MmScan<T, Tag>::MmScan(const kxx::drm::MmScan<T, Tag>&)
// compiler: g++
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<bool> add(MmScan<NoPayload, void> &scan, MmNode<> &node)
{
#ifndef MISUSE
	auto &same = scan;
#else
	auto same = scan;
#endif

	return same.add_block(node);
}
