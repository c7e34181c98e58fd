// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>

using namespace kxx;

namespace box_reference_outlives_box {
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
	// expected-warning@-1 {{reference to stack memory associated with parameter 'disk' returned}}
}
#endif
} // namespace box_reference_outlives_box

namespace box_used_after_move {
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
	// expected-warning@-1 {{method 'operator->' on object 'disk' while it is in the 'consumed' state}}
#endif
}
} // namespace box_used_after_move

namespace box_pointer_outlives_box {
Result<int> first() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto number = KXX_TRY(Box<int>::make(GFP_KERNEL, 1));
	int *pointer = number.as_raw();
#else
	int *pointer = KXX_TRY(Box<int>::make(GFP_KERNEL, 1)).as_raw();
	// expected-warning@-1 {{will be destroyed at the end of the full-expression}}
#endif

	return *pointer;
}
} // namespace box_pointer_outlives_box
