// SPDX-License-Identifier: GPL-2.0
// expect: KXX_TRY() in a braced initialiser: GCC would lose what is built before it
#include <kxx/mm/slab.hpp>

using namespace kxx;

#define NEW_RING() KXX_TRY(Box<Ring>::make(GFP_KERNEL))

struct Ring {};
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
#endif
	return Box<Disk>::make(GFP_KERNEL, std::move(disk));
}
