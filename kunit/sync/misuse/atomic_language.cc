// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/atomic.hpp>

using namespace kxx;

namespace atomic_try_cmpxchg_ignored {
bool claim(Atomic &owner, int me)
{
	int nobody = 0;

#ifndef MISUSE
	return owner.try_cmpxchg(nobody, me);
#else
	owner.try_cmpxchg(nobody, me);
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
	return true;
#endif
}
} // namespace atomic_try_cmpxchg_ignored
