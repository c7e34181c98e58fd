// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value of 'bool kxx::Atomic::try_cmpxchg(int&, int) const'
// compiler: g++
#include <kxx/sync/atomic.hpp>

using namespace kxx;

bool claim(Atomic &owner, int me)
{
	int nobody = 0;

#ifndef MISUSE
	return owner.try_cmpxchg(nobody, me);
#else
	owner.try_cmpxchg(nobody, me);
	return true;
#endif
}
