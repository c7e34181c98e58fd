/* SPDX-License-Identifier: GPL-2.0 */
/*
 * context.hpp - functions that may sleep say so in their declaration
 * Mirrors might_sleep() of <linux/kernel.h>. Glue: none
 *
 * KXX_MAY_SLEEP, after a function's parameters, says that it sleeps or calls a function that
 * does: GFP_KERNEL, a mutex, a wait. Clang then refuses
 *
 *   - a call of it while a guard of a lock that forbids sleeping lives in the
 *     calling function, at any depth of nesting;
 *   - a call of it from a function (or lambda) that does not say KXX_MAY_SLEEP
 *     itself, so that the word travels up to where C calls in. What stands there
 *     is a promise about C: "this is called in process context".
 *
 *     static Result<void> Disk::grow() KXX_MAY_SLEEP { ... GFP_KERNEL ... }
 *
 * What clang does not see: the bodies of constructors and destructors, of which it
 * judges neither; a call through a function pointer; a destructor that sleeps when
 * a Box or a Result calls it. might_sleep() reports those at run time, on a
 * kernel with CONFIG_DEBUG_ATOMIC_SLEEP.
 */
#pragma once

#include <kxx/base/annotations.hpp>

namespace kxx {

/** Context - something that is on or off for a while, known to clang alone */
class KXX_CAPABILITY("context") Context {
public:
	constexpr const Context &operator!() const { return *this; }
};

namespace detail {

/*
 * Clang cannot count how often one capability is held. So a guard holds the one
 * of its depth: 0, or one more than that of the guard it is taken under.
 */
template <unsigned int depth> struct Guards {
	static_assert(depth < 8, "a lock under eight others: lockdep's subclasses end here too");
	static inline constinit Context atomic;
};

/* Never held. That its absence must be stated is what makes callers inherit. */
inline constinit Context atomic_context;

} // namespace detail

} // namespace kxx

/* The two halves of KXX_MAY_SLEEP, for functions that can have only one. */
#define KXX_INHERITS_MAY_SLEEP KXX_REQUIRES(!::kxx::detail::atomic_context)
#define KXX_EXCLUDES_GUARDS                                                                        \
	KXX_EXCLUDES(::kxx::detail::Guards<0>::atomic) KXX_EXCLUDES_NESTED_GUARDS
#define KXX_EXCLUDES_NESTED_GUARDS                                                                 \
	KXX_EXCLUDES(::kxx::detail::Guards<1>::atomic, ::kxx::detail::Guards<2>::atomic,           \
		     ::kxx::detail::Guards<3>::atomic, ::kxx::detail::Guards<4>::atomic,           \
		     ::kxx::detail::Guards<5>::atomic, ::kxx::detail::Guards<6>::atomic,           \
		     ::kxx::detail::Guards<7>::atomic)

#define KXX_MAY_SLEEP KXX_INHERITS_MAY_SLEEP KXX_EXCLUDES_GUARDS
/* For what is handed the caller's only guard, and lets go of it while it sleeps. */
#define KXX_MAY_SLEEP_UNDER_ONE_GUARD                                                              \
	KXX_INHERITS_MAY_SLEEP KXX_REQUIRES(::kxx::detail::Guards<0>::atomic)                      \
		KXX_EXCLUDES_NESTED_GUARDS
