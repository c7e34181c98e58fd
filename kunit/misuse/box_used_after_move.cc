// SPDX-License-Identifier: GPL-2.0
// expect: method 'operator->' on object 'disk' while it is in the 'consumed' state
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Disk {
	unsigned int sectors;
};
void add(Box<Disk> disk);

Result<unsigned int> probe() KXX_MAY_SLEEP
{
	auto disk = KXX_TRY(Box<Disk>::make(GFP_KERNEL));
	unsigned int sectors = disk->sectors;

	add(std::move(disk));
#ifndef MISUSE
	return sectors;
#else
	return sectors + disk->sectors;
#endif
}
