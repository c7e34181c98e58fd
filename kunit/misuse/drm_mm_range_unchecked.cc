// SPDX-License-Identifier: GPL-2.0
// expect: is private within this context
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<bool> probe(u64 pages)
{
#ifndef MISUSE
	Mm<> mm(KXX_TRY(MmRange::make(0, pages)), "pages");
#else
	Mm<> mm(MmRange(0, pages), "pages");
#endif

	return mm.clean();
}
