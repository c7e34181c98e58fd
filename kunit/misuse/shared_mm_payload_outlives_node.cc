// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with parameter 'node' returned
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

#ifndef MISUSE
unsigned long pages(SharedMm<Mapping>::Node node)
#else
unsigned long &pages(SharedMm<Mapping>::Node node)
#endif
{
	return node->pages;
}
