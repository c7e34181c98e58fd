// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's static analyzer must find; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>

using namespace kxx;

namespace box_reference_outlives_moved_box {
struct Ring {
	unsigned int length = 0;
};

namespace {

void finish(Box<Ring> ring)
{
	ring->length++;
}

} // namespace

unsigned int use(Box<Ring> ring)
{
	Ring &borrowed = *ring;
#ifndef MISUSE
	unsigned int length = borrowed.length;

	finish(std::move(ring));
	return length;
#else
	finish(std::move(ring));
	return borrowed.length; // expected-warning {{Use of memory after it is}}
#endif
}
} // namespace box_reference_outlives_moved_box
