// SPDX-License-Identifier: GPL-2.0
// expect: KXX_TRY() in a capture of a lambda: GCC would lose what is built before it
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Ring {
	unsigned int length = 0;
};

Result<unsigned int> length(Box<Ring> rx) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto made = KXX_TRY(Box<Ring>::make(GFP_KERNEL));
	auto sum = [rx = std::move(rx), tx = std::move(made)] { return rx->length + tx->length; };
#else
	auto sum = [rx = std::move(rx), tx = KXX_TRY(Box<Ring>::make(GFP_KERNEL))] {
		return rx->length + tx->length;
	};
#endif
	return sum();
}
