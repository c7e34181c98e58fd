// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/base/err.hpp>
#include <kxx/mm/gfp.hpp>

using namespace kxx;

namespace page_of_a_temporary {
Result<void> clear() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto page = KXX_TRY(Page::make(GFP_KERNEL));
	unsigned char *bytes = page.as_raw();
#else
	unsigned char *bytes = KXX_TRY(Page::make(GFP_KERNEL)).as_raw();
	// expected-warning@-1 {{will be destroyed at the end of the full-expression}}
#endif

	bytes[0] = 0;
	return {};
}
} // namespace page_of_a_temporary
