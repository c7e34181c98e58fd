// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with parameter 'node' returned
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

#ifndef MISUSE
unsigned long pages(const Node<Mapping> &node)
{
	return node->pages;
}
#else
unsigned long &pages(Node<Mapping> node)
{
	return node->pages;
}
#endif
