// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::OwningMm<T, Tag>::OwningMm(const kxx::drm::OwningMm<T, Tag>&)
// compiler: g++
#include <kxx/mm/owning_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

bool clean(OwningMm<> &mm)
{
#ifndef MISUSE
	auto &same = mm;
#else
	auto same = std::move(mm);
#endif

	return same.clean();
}
