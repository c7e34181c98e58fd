// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::drm::MmScan<kxx::drm::NoPayload, void>::MmScan(kxx::drm::Mm<>&, int, int, int, int)'
// compiler: g++
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

void room(Mm<> &mm)
{
#ifndef MISUSE
	MmScan<NoPayload, void> scan(mm, 16, 0, 0, MmInsertMode::BEST);
#else
	MmScan<NoPayload, void> scan(mm, 16, 0, 0, 0);
#endif
}
