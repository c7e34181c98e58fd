// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/base/string.hpp>
#include <kxx/mm/slab.hpp>

using namespace kxx;

namespace box_array_made_atomically {
struct Stats {
	unsigned long reads;
};

Result<Box<Stats[]>> probe() KXX_MAY_SLEEP
{
#ifndef MISUSE
	return Box<Stats[]>::make(GFP_KERNEL, 16);
#else
	return Box<Stats[]>::make(GFP_ATOMIC, 16);
	// expected-error@-1 {{no viable conversion from 'const Gfp<false>' to 'Gfp<true>'}}
#endif
}
} // namespace box_array_made_atomically

namespace box_from_raw_of_another_class {
struct Head {
	unsigned int length;
};

struct Ring {
	unsigned int length;
};

struct Queue : Head, Ring {};

#ifndef MISUSE
using Kept = Queue;
#else
using Kept = Ring;
#endif

Box<Kept> keep(Box<Queue> queue)
{
	return Box<Kept>::from_raw(std::move(queue).into_raw());
	// expected-error@-1 {{call to deleted function 'from_raw'}}
}
} // namespace box_from_raw_of_another_class

namespace box_into_raw_ignored {
int *give_up(Box<int> number)
{
#ifndef MISUSE
	return std::move(number).into_raw();
#else
	std::move(number).into_raw(); // expected-warning {{nobody else frees the object}}
	return nullptr;
#endif
}
} // namespace box_into_raw_ignored

namespace memcpy_of_a_box {
void copy(unsigned char (&bytes)[sizeof(Box<int>)], const Box<int> &number)
{
#ifndef MISUSE
	kxx::memcpy(bytes, &*number, sizeof(*number));
#else
	kxx::memcpy(bytes, &number, sizeof(number));
	// expected-error@kxx/base/string.hpp:* {{memcpy() of an object that is more than its bytes}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace memcpy_of_a_box
