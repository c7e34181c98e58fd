// SPDX-License-Identifier: GPL-2.0
// expect: KXX_TRY() in the initialiser of an aggregate: GCC would lose what is built before it
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Ring {};
struct Rings {
	Box<Ring> rx;
	Box<Ring> tx;
};
/* Arguments of a constructor or a function are destroyed. */
class Pair {
public:
	Pair(Box<Ring> rx, Box<Ring> tx) : rings_{ std::move(rx), std::move(tx) } {}
	static Result<Pair> make() KXX_MAY_SLEEP
	{
		return Pair(KXX_TRY(Box<Ring>::make(GFP_KERNEL)),
			    KXX_TRY(Box<Ring>::make(GFP_KERNEL)));
	}

private:
	Rings rings_;
};

Result<Rings> make() KXX_MAY_SLEEP
{
	auto rx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
#ifndef MISUSE
	auto tx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
	Rings rings(std::move(rx), std::move(tx));
#else
	Rings rings(std::move(rx), KXX_TRY(Box<Ring>::make(GFP_KERNEL)));
#endif
	return rings;
}
