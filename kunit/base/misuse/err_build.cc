// SPDX-License-Identifier: GPL-2.0
// Mistakes that kbuild/check-try must refuse in every build; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Ring {};

namespace try_in_an_aliased_aggregate {
struct Rings {
	Box<Ring> rx;
	Box<Ring> tx;
};
using Pair = Rings;
typedef Pair Both;

/* An alias of a class with a constructor is allowed, as the class is. */
class Device {
public:
	Device(Box<Ring> rx, Box<Ring> tx) : rings_{ std::move(rx), std::move(tx) } {}

private:
	Rings rings_;
};
using Nic = Device;

Result<Nic> probe() KXX_MAY_SLEEP
{
	return Nic(KXX_TRY(Box<Ring>::make(GFP_KERNEL)), KXX_TRY(Box<Ring>::make(GFP_KERNEL)));
}

Result<Pair> make() KXX_MAY_SLEEP
{
	auto rx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
#ifndef MISUSE
	auto tx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));

	return Pair(std::move(rx), std::move(tx));
#else
	return Pair(std::move(rx), KXX_TRY(Box<Ring>::make(GFP_KERNEL)));
	// try-error@-1 {{KXX_TRY() in the initialiser of an aggregate: GCC would lose what is built before it}}
#endif
}

Result<Both> make_both() KXX_MAY_SLEEP
{
	auto rx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
#ifndef MISUSE
	auto tx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
	Both both(std::move(rx), std::move(tx));
#else
	Both both(std::move(rx), KXX_TRY(Box<Ring>::make(GFP_KERNEL)));
	// try-error@-1 {{KXX_TRY() in the initialiser of an aggregate: GCC would lose what is built before it}}
#endif
	return both;
}
} // namespace try_in_an_aliased_aggregate

namespace try_in_braced_initialiser {
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

/* KXX_TRY() is allowed outside of an initializer, and in the body of a lambda inside one. */
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
	// try-error@-1 {{KXX_TRY() in a braced initialiser: GCC would lose what is built before it}}
#endif
}
} // namespace try_in_braced_initialiser

namespace try_in_braces_of_a_macro {
#define NEW_RING() KXX_TRY(Box<Ring>::make(GFP_KERNEL))

struct Disk {
	struct {
		Box<Ring> rx;
		Box<Ring> tx;
	} rings;
};

Result<Box<Disk>> make() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto rx = NEW_RING();
	auto tx = NEW_RING();
	Disk disk{ .rings = { std::move(rx), std::move(tx) } };
#else
	Disk disk{ .rings = { NEW_RING(), NEW_RING() } };
	// try-error@-1 {{KXX_TRY() in a braced initialiser: GCC would lose what is built before it}}
#endif
	return Box<Disk>::make(GFP_KERNEL, std::move(disk));
}
#undef NEW_RING
} // namespace try_in_braces_of_a_macro

namespace try_in_braces_of_an_array {
void add(Box<Ring> ring);

Result<void> make() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto rx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
	auto tx = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
	Box<Ring> rings[] = { std::move(rx), std::move(tx) };
#else
	Box<Ring> rings[] = {
		KXX_TRY(Box<Ring>::make(GFP_KERNEL)),
		// try-error@-1 {{KXX_TRY() in a braced initialiser: GCC would lose what is built before it}}
		KXX_TRY(Box<Ring>::make(GFP_KERNEL))
	};
#endif
	for (auto &ring : rings)
		add(std::move(ring));
	return {};
}
} // namespace try_in_braces_of_an_array

namespace try_in_capture {
struct Ring {
	unsigned int length = 0;
};

Result<unsigned int> length(Box<Ring> rx) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto made = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
	auto sum = [rx = std::move(rx), tx = std::move(made)] { return rx->length + tx->length; };
#else
	auto sum = [rx = std::move(rx), tx = KXX_TRY(Box<Ring>::make(GFP_KERNEL))] {
		// try-error@-1 {{KXX_TRY() in a capture of a lambda: GCC would lose what is built before it}}
		return rx->length + tx->length;
	};
#endif
	return sum();
}
} // namespace try_in_capture

namespace try_in_parenthesised_aggregate {
struct Rings {
	Box<Ring> rx;
	Box<Ring> tx;
};
/* A class with a constructor is allowed: GCC destroys arguments of a constructor or a function. */
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
	// try-error@-1 {{KXX_TRY() in the initialiser of an aggregate: GCC would lose what is built before it}}
#endif
	return rings;
}
} // namespace try_in_parenthesised_aggregate
