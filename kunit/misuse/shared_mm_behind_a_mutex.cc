// SPDX-License-Identifier: GPL-2.0
// expect: Lock must be SpinLock, SpinLockBh or SpinLockIrq
// compiler: g++
#include <kxx/mm/shared_mm.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
using Space = SharedMm<NoPayload, SpinLockIrq>;
#else
using Space = SharedMm<NoPayload, Mutex>;
#endif

bool clean(const Space &space)
{
	return space.with_locked([](auto &mm) { return mm.clean(); });
}
