// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/base/has_member.hpp>

KXX_HAS_MEMBER(has_start, start);
KXX_HAS_MEMBER(has_stop, stop);

namespace callbacks_of_a_final_class {
#ifndef MISUSE
class Disk {
#else
class Disk final {
#endif
public:
	static void start();
};

/* Two traits, one error */
inline constexpr bool starts = has_start<Disk>;
// expected-error@kxx/base/has_member.hpp:* {{a class with callbacks must not be final}}
// expected-note@-2 {{while checking constraint satisfaction}}
inline constexpr bool stops = has_stop<Disk>;

#ifndef MISUSE
static_assert(starts && !stops);
#endif
} // namespace callbacks_of_a_final_class
