// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'start' on object 'node' while it is in the 'consumed' state
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

void keep(SharedMm<>::Node node);

u64 give(SharedMm<>::Node node)
{
#ifndef MISUSE
	u64 start = node.start();

	keep(std::move(node));
	return start;
#else
	keep(std::move(node));
	return node.start();
#endif
}
