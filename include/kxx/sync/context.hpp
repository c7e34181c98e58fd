/* SPDX-License-Identifier: GPL-2.0 */
/*
 * context.hpp - KXX_MAY_SLEEP: an annotation for functions that may sleep
 * Mirrors might_sleep() of <linux/kernel.h>. Glue: none
 *
 * KXX_MAY_SLEEP stands after the parameters of a function that sleeps, or that calls a function
 * which does: an allocation with GFP_KERNEL, a mutex, a wait. Clang then refuses
 *
 *   - a call of the function in the scope of a guard of a lock that forbids sleeping, at any
 *     depth of nesting;
 *   - a call of the function from a function (or lambda) without KXX_MAY_SLEEP. So every caller
 *     has the annotation, up to the callback that C calls. There, KXX_MAY_SLEEP states that C
 *     calls this callback in process context.
 *
 *     static Result<void> Disk::grow() KXX_MAY_SLEEP { ... GFP_KERNEL ... }
 *
 * Write it at the declaration: at a definition outside of the class alone, callers that see only
 * the declaration are not checked.
 *
 * Clang does not check bodies of constructors and destructors, calls through a function pointer,
 * constructors that are inherited, and destructors that sleep when a Box or a Result calls them,
 * or when they end a parameter or a temporary object: drop(std::move(workqueue)).
 * Functions that the compiler writes have no annotation: the destructor of a class with a member
 * that sleeps, and the operator= of a class with a Box<T[]>. might_sleep() reports these at run
 * time, on a kernel with CONFIG_DEBUG_ATOMIC_SLEEP.
 */
#pragma once

#include <kxx/base/annotations.hpp>

namespace kxx {

/** Context - A capability for clang's thread safety analysis; has no effect at run time */
class KXX_CAPABILITY("context") Context {
public:
	constexpr const Context &operator!() const { return *this; }
};

namespace detail {

/*
 * Capability that a guard which forbids sleeping holds. Clang cannot count how often a capability
 * is held, so each nesting depth has its own: 0 for the outermost guard, and one more than the
 * outer guard's depth for a guard that is taken under another. A depth must not be taken while a
 * deeper one is held: an outer guard that ended first, with unlock(), leaves the inner one, and a
 * lock that is taken then is under the inner one.
 */
template <unsigned int depth> struct Guards {
	static_assert(depth < 8, "a lock under eight others: lockdep's subclasses end here too");
	static inline constinit Context atomic KXX_ACQUIRED_AFTER(Guards<depth - 1>::atomic);
};
template <> struct Guards<0> {
	static inline constinit Context atomic;
};

/* The guards at @depth, or the innermost ones if there is no such depth */
template <unsigned int depth> using GuardsOrLast = Guards<(depth < 8 ? depth : 7)>;

/*
 * Capability that no code ever holds. A function that requires its absence can be called only
 * from functions that require the same, which makes KXX_MAY_SLEEP mandatory for all callers.
 */
inline constinit Context atomic_context;

} // namespace detail

} // namespace kxx

/*
 * Parts of KXX_MAY_SLEEP. KXX_INHERITS_MAY_SLEEP: callers must be KXX_MAY_SLEEP too.
 * KXX_EXCLUDES_GUARDS: no guard that forbids sleeping may be held. Mutex uses them separately.
 */
#define KXX_INHERITS_MAY_SLEEP KXX_REQUIRES(!::kxx::detail::atomic_context)
#define KXX_EXCLUDES_GUARDS                                                                        \
	KXX_EXCLUDES(::kxx::detail::Guards<0>::atomic) KXX_EXCLUDES_GUARDS_UNDER(0)
/* No guard deeper than @depth may be held. */
#define KXX_EXCLUDES_GUARDS_UNDER(depth)                                                           \
	KXX_EXCLUDES(::kxx::detail::GuardsOrLast<(depth) + 1>::atomic,                             \
		     ::kxx::detail::GuardsOrLast<(depth) + 2>::atomic,                             \
		     ::kxx::detail::GuardsOrLast<(depth) + 3>::atomic,                             \
		     ::kxx::detail::GuardsOrLast<(depth) + 4>::atomic,                             \
		     ::kxx::detail::GuardsOrLast<(depth) + 5>::atomic,                             \
		     ::kxx::detail::GuardsOrLast<(depth) + 6>::atomic,                             \
		     ::kxx::detail::GuardsOrLast<(depth) + 7>::atomic)

#define KXX_MAY_SLEEP KXX_INHERITS_MAY_SLEEP KXX_EXCLUDES_GUARDS
/* Annotates a wait, which releases the lock of the caller's only guard while it sleeps. */
#define KXX_MAY_SLEEP_UNDER_ONE_GUARD                                                              \
	KXX_INHERITS_MAY_SLEEP KXX_REQUIRES(::kxx::detail::Guards<0>::atomic)                      \
		KXX_EXCLUDES_GUARDS_UNDER(0)
