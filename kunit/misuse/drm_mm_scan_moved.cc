// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::MmScan<T, Tag>::MmScan(const kxx::drm::MmScan<T, Tag>&)
// compiler: g++
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

using Scan = MmScan<NoPayload, void>;

struct Eviction {
#ifndef MISUSE
	explicit Eviction(Mm<> &mm) : scan(mm, 16, 0, 0, MmInsertMode::BEST) {}
#else
	explicit Eviction(Scan &&scan) : scan(std::move(scan)) {}
#endif

	Scan scan;
};
