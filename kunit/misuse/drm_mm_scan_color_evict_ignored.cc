// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value of 'kxx::drm::MmNode<T>* kxx::drm::MmScan<T, Tag>::color_evict()
// compiler: g++
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

bool done(MmScan<NoPayload, void> &scan)
{
#ifndef MISUSE
	return !scan.color_evict();
#else
	scan.color_evict();
	return true;
#endif
}
