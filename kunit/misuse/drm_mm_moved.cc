// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::Mm<T, Tag>::Mm(const kxx::drm::Mm<T, Tag>&)
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

bool clean(Mm<> &mm)
{
#ifndef MISUSE
	Mm<> &same = mm;
#else
	Mm<> same = std::move(mm);
#endif

	return same.clean();
}
