/* SPDX-License-Identifier: GPL-2.0 */
/* drm_mm_scan.hpp - helpers for the suites of <kxx/mm/drm_mm_scan.hpp> */
#pragma once

#include <kxx/mm/drm_mm_scan.hpp>

#include "drm_mm.hpp"

namespace ranges {

using namespace kxx;

template <typename Tag> class Scan : public drm::MmScan<drm::NoPayload, Tag> {
public:
	Scan(ranges::Arena<drm::NoPayload, Tag> &arena, const Request &request)
		: drm::MmScan<drm::NoPayload, Tag>(*arena, request.size, request.alignment,
						   request.color, request.start, request.end,
						   request.mode)
	{
	}
};

/*
 * Fills [start, end) with nodes of random size, up to @most_units, and of random color, as close
 * to each other as Guarded allows.
 */
template <typename Tag>
bool fill(ranges::Arena<drm::NoPayload, Tag> &arena, u64 start, u64 end, u64 most_units,
	  unsigned long colors) KXX_MAY_SLEEP
{
	Random random(most_units + colors);

	for (u64 at = start, last_color = 0; at < end;) {
		unsigned long color = random.below(colors);
		u64 size = 1 + random.below(most_units);

		at += at > start && color != last_color;
		if (at >= end)
			break;
		size = size < end - at ? size : end - at;
		if (!arena.reserve(at, size, color))
			return false;
		at += size;
		last_color = color;
	}
	return true;
}

} // namespace ranges
