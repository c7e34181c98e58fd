// SPDX-License-Identifier: GPL-2.0
// expect: binding reference of type 'kxx::drm::Mm<>&' to 'const kxx::drm::Mm<>' discards qualifiers
// compiler: g++
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
void room(Mm<> &mm)
#else
void room(const Mm<> &mm)
#endif
{
	MmScan<NoPayload, void> scan(mm, 16, 0, 0, MmInsertMode::BEST);
}
