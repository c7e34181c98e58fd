// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with parameter 'disk' returned
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Disk {
	unsigned int sectors;
};

#ifndef MISUSE
unsigned int sectors(Box<Disk> disk)
{
	return disk->sectors;
}
#else
Disk &unboxed(Box<Disk> disk)
{
	return *disk;
}
#endif
