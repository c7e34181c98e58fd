// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value of 'kxx::drm::MmScanBlock<T> kxx::drm::MmScan<T, Tag>::remove_block()
// compiler: g++
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

bool evicts(MmScan<NoPayload, void> &scan)
{
#ifndef MISUSE
	return scan.remove_block().evict;
#else
	scan.remove_block();
	return false;
#endif
}
