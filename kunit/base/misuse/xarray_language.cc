// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/base/xarray.hpp>
#include <kxx/sync/atomic.hpp>

using namespace kxx;

namespace xarray_entry_of_const_changed {
struct Page {
	Atomic users{ 0 };
	unsigned int writes = 0;
};

void use(const XArray<Box<Page>> &pages)
{
	if (auto *page = pages.load(7)) {
#ifndef MISUSE
		page->users.inc();
#else
		page->writes++;
		// expected-error@-1 {{cannot assign to variable 'page' with const-qualified type}}
#endif
	}
}
} // namespace xarray_entry_of_const_changed
