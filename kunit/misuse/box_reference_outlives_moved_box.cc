// SPDX-License-Identifier: GPL-2.0
// expect: Use of memory after it is freed
// compiler: analyzer
#include <kxx/mm/slab.hpp>

using namespace kxx;

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
	return borrowed.length;
#endif
}
