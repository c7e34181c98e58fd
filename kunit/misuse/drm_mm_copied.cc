// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::Mm<T, Tag>::Mm(const kxx::drm::Mm<T, Tag>&)
// compiler: g++
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

bool clean(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
#ifndef MISUSE
	auto &mm = *guard;
#else
	auto mm = *guard;
#endif

	return mm.clean();
}
