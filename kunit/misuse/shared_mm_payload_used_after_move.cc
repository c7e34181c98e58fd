// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'operator->' on object 'node' while it is in the 'consumed' state
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

void keep(SharedMm<Mapping>::Node node);

void map(SharedMm<Mapping>::Node node)
{
#ifndef MISUSE
	node->pages = 1;
	keep(std::move(node));
#else
	keep(std::move(node));
	node->pages = 1;
#endif
}
