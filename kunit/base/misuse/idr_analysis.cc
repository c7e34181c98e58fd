// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <utility>

#include <kxx/base/idr.hpp>

using namespace kxx;

namespace ida_id_used_after_move {
void keep(Ida::Id id);

unsigned int number(Ida::Id id)
{
#ifndef MISUSE
	return id.number();
#else
	keep(std::move(id));
	return id.number(); // expected-warning {{while it is in the 'consumed' state}}
#endif
}
} // namespace ida_id_used_after_move
