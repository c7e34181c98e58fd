// SPDX-License-Identifier: GPL-2.0
// expect: KXX_TRY() in a braced initialiser: GCC would lose what is built before it
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Ring {
	unsigned int length = 0;
};
struct Rings {
	Box<Ring> rx;
	Box<Ring> tx;
};
struct Ops {
	Result<void> (*start)();
	char brackets[2];
};
void add(Box<Ring> rx, Box<Ring> tx);
Result<Box<Ring>> find(unsigned int index);

/* What is no initialiser stays allowed. */
struct Lengths {
	static Result<unsigned int> first()
	{
		if (KXX_TRY(find(0))->length) {
			return 1;
		}
		return KXX_TRY(find(KXX_TRY(find(0))->length))->length;
	}
};
Result<void> start(unsigned int (&lengths)[2])
{
	const Ops ops{ []() -> Result<void> {
			      add(KXX_TRY(find(0)), KXX_TRY(find(1)));
			      return {};
		      },
		       { '{', '(' } };

	switch (lengths[KXX_TRY(find(2))->length]) {
	case 1: {
		KXX_TRY(ops.start());
	}
	}
	return {};
}

Result<Rings> make() KXX_MAY_SLEEP
{
	auto rx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
#ifndef MISUSE
	auto tx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));

	return Rings{ std::move(rx), std::move(tx) };
#else
	return Rings{ std::move(rx), KXX_TRY(Box<Ring>::make(GFP_KERNEL)) };
#endif
}
