// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'share' on object 'space' while it is in the 'consumed' state
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

void keep(SharedMm<> space);

SharedMm<> two_users(SharedMm<> space)
{
#ifndef MISUSE
	keep(space.share());
	return space;
#else
	keep(std::move(space));
	return space.share();
#endif
}
