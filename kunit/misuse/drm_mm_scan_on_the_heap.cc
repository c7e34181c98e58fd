// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'static void* kxx::drm::MmScan<T, Tag>::operator new(size_t, void*)
// compiler: g++
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

using Scan = MmScan<NoPayload, void>;

Result<bool> room(Mm<> &mm, MmNode<> &node)
{
#ifndef MISUSE
	Scan scan(mm, 16, 0, 0, MmInsertMode::BEST);

	return scan.add_block(node);
#else
	auto scan = KXX_TRY(Box<Scan>::make(GFP_ATOMIC, mm, 16, 0, 0, MmInsertMode::BEST));

	return scan->add_block(node);
#endif
}
