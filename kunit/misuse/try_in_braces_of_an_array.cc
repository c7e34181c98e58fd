// SPDX-License-Identifier: GPL-2.0
// expect: KXX_TRY() in a braced initialiser: GCC would lose what is built before it
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Ring {};
void add(Box<Ring> ring);

Result<void> make() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto rx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
	auto tx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
	Box<Ring> rings[] = { std::move(rx), std::move(tx) };
#else
	Box<Ring> rings[] = { KXX_TRY(Box<Ring>::make(GFP_KERNEL)),
			      KXX_TRY(Box<Ring>::make(GFP_KERNEL)) };
#endif
	for (auto &ring : rings)
		add(std::move(ring));
	return {};
}
