// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::drm::MmScan<kxx::drm::NoPayload, Ring>::add_block(kxx::drm::Node<kxx::drm::NoPayload, Heap>&)'
// compiler: g++
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Ring;
struct Heap;

#ifndef MISUSE
using Tag = Ring;
#else
using Tag = Heap;
#endif

Result<bool> room(Mm<NoPayload, Ring> &mm, Node<NoPayload, Tag> &node)
{
	MmScan scan(mm, 16, 0, 0, MmInsertMode::BEST);

	return scan.add_block(node);
}
