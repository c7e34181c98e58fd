// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value
#include <kxx/base/idr.hpp>

using namespace kxx;

Result<void> take(Ida &ida) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto id = KXX_TRY(ida.alloc_min(1, GFP_KERNEL));
#else
	ida.alloc_min(1, GFP_KERNEL);
#endif
	return {};
}
