// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/base/idr.hpp>

using namespace kxx;

namespace ida_id_copied {
unsigned int number(Ida::Id &id)
{
#ifndef MISUSE
	return id.number();
#else
	Ida::Id copy(id); // expected-error {{call to deleted constructor of}}

	return copy.number();
#endif
}
} // namespace ida_id_copied

namespace ida_id_ignored {
Result<void> take(Ida &ida) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto id = KXX_TRY(ida.alloc_min(1, GFP_KERNEL));
#else
	ida.alloc_min(1, GFP_KERNEL); // expected-warning {{ignoring return value}}
#endif
	return {};
}
} // namespace ida_id_ignored
