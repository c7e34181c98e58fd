// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/block/badblocks.hpp>

using namespace kxx;

namespace badblocks_copied {
bool is_bad(BadBlocks &bad)
{
#ifndef MISUSE
	return bad.check(0, 8).has_value();
#else
	BadBlocks copy(bad); // expected-error {{call to deleted constructor of 'BadBlocks'}}

	return copy.check(0, 8).has_value();
#endif
}
} // namespace badblocks_copied

namespace badblocks_made_by_hand {
Result<void> use() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto bad = KXX_TRY(BadBlocks::make());

	return bad->set({ .first = 8, .sectors = 8 });
#else
	BadBlocks bad; // expected-error {{calling a private constructor of class 'kxx::BadBlocks'}}

	return bad.set({ .first = 8, .sectors = 8 });
#endif
}
} // namespace badblocks_made_by_hand

namespace badblocks_set_ignored {
Result<void> mark(BadBlocks &bad) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return bad.set({ .first = 8, .sectors = 8 });
#else
	bad.set({ .first = 8, .sectors = 8 }); // expected-warning {{ignoring return value}}
	return {};
#endif
}
} // namespace badblocks_set_ignored
