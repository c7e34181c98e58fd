/* SPDX-License-Identifier: GPL-2.0 */
/*
 * annotations.hpp - attributes for clang's static analyses
 *
 * GCC builds the module. Clang only checks the code (`make lint`, `make misuse`), with
 * -Wthread-safety, -Wconsumed and -Wdangling. Under GCC every macro here is empty.
 */
#pragma once

#ifdef __clang__
#define KXX_ATTRIBUTE(x) __attribute__((x))
#else
#define KXX_ATTRIBUTE(x)
#endif

/* Locks and contexts, for -Wthread-safety */
#define KXX_CAPABILITY(name) KXX_ATTRIBUTE(capability(name))
#define KXX_SCOPED_CAPABILITY KXX_ATTRIBUTE(scoped_lockable)
#define KXX_GUARDED_BY(lock) KXX_ATTRIBUTE(guarded_by(lock))
#define KXX_ACQUIRE(...) KXX_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define KXX_ACQUIRED_AFTER(...) KXX_ATTRIBUTE(acquired_after(__VA_ARGS__))
#define KXX_REQUIRES(...) KXX_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define KXX_ASSERT_CAPABILITY(...) KXX_ATTRIBUTE(assert_capability(__VA_ARGS__))
#define KXX_RELEASE(...) KXX_ATTRIBUTE(release_capability(__VA_ARGS__))
#define KXX_EXCLUDES(...) KXX_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define KXX_NO_THREAD_SAFETY_ANALYSIS KXX_ATTRIBUTE(no_thread_safety_analysis)

/* Typestates, for -Wconsumed: an "unconsumed" object owns something, a "consumed" one nothing. */
#define KXX_CONSUMABLE(state) KXX_ATTRIBUTE(consumable(state))
/* A function may return an object of the class in any state; its caller gets it as "unknown". */
#define KXX_RETURNED_IN_ANY_STATE KXX_ATTRIBUTE(consumable_auto_cast_state)
#define KXX_CALLABLE_WHEN(...) KXX_ATTRIBUTE(callable_when(__VA_ARGS__))
#define KXX_SET_TYPESTATE(state) KXX_ATTRIBUTE(set_typestate(state))
#define KXX_PARAM_TYPESTATE(state) KXX_ATTRIBUTE(param_typestate(state))
#define KXX_RETURN_TYPESTATE(state) KXX_ATTRIBUTE(return_typestate(state))
#define KXX_TEST_TYPESTATE(state) KXX_ATTRIBUTE(test_typestate(state))
/* Parameter: the argument must be "unconsumed", and the call leaves it "unconsumed". */
#define KXX_UNCONSUMED KXX_PARAM_TYPESTATE(unconsumed) KXX_RETURN_TYPESTATE(unconsumed)

/*
 * References, for -Wdangling, -Wreturn-stack-address. After a method's const, only [[]] is valid.
 */
#ifdef __clang__
#define KXX_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define KXX_LIFETIMEBOUND
#endif

/*
 * Help for clang's static analyzer. `make lint` runs it with KXX_ANALYZE defined, so that it
 * follows a pointer given to a KXX_TAKES() parameter (glue/types.h) through all calls of a file.
 *
 *   KXX_FORGET(member)     Sets @member to nullptr at the end of a destructor. The analyzer runs
 *                          the destructor of a union member, so also of an optional's value,
 *                          twice; without this it reports a double free.
 *   KXX_ANOTHER(pointer)   Returns @pointer as a pointer that the analyzer takes for another
 *                          object. The analyzer does not count references: it takes each put
 *                          for the last one. With a pointer of its own per reference, a put
 *                          makes invalid only what was reached through that reference.
 */
#ifdef KXX_ANALYZE
namespace kxx::detail {

/* Never defined, so the analyzer must assume that it returns any pointer. */
template <typename T> T *another(T *object);

} // namespace kxx::detail

#define KXX_FORGET(member) ((member) = nullptr)
#define KXX_ANOTHER(pointer) ::kxx::detail::another(pointer)
#else
#define KXX_FORGET(member) static_cast<void>(0)
#define KXX_ANOTHER(pointer) (pointer)
#endif

/* Compile-time error for a call whose constant arguments fulfil @condition. */
#define KXX_DIAGNOSE_IF(condition, message) KXX_ATTRIBUTE(diagnose_if(condition, message, "error"))
