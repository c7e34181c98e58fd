/* SPDX-License-Identifier: GPL-2.0 */
/*
 * annotations.hpp - what clang's analyses are told, and GCC is not
 *
 * GCC builds the module; clang judges it (`make lint`, `make misuse`) with
 * -Wthread-safety, -Wconsumed and -Wdangling. Under GCC every macro is empty.
 */
#pragma once

#ifdef __clang__
#define KXX_ATTRIBUTE(x) __attribute__((x))
#else
#define KXX_ATTRIBUTE(x)
#endif

/* Locks: -Wthread-safety */
#define KXX_CAPABILITY(name) KXX_ATTRIBUTE(capability(name))
#define KXX_SCOPED_CAPABILITY KXX_ATTRIBUTE(scoped_lockable)
#define KXX_GUARDED_BY(lock) KXX_ATTRIBUTE(guarded_by(lock))
#define KXX_ACQUIRE(...) KXX_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define KXX_REQUIRES(...) KXX_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define KXX_ASSERT_CAPABILITY(...) KXX_ATTRIBUTE(assert_capability(__VA_ARGS__))
#define KXX_RELEASE(...) KXX_ATTRIBUTE(release_capability(__VA_ARGS__))
#define KXX_EXCLUDES(...) KXX_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define KXX_NO_THREAD_SAFETY_ANALYSIS KXX_ATTRIBUTE(no_thread_safety_analysis)

/* Linear objects: -Wconsumed. "unconsumed" owes something, "consumed" does not. */
#define KXX_CONSUMABLE(state) KXX_ATTRIBUTE(consumable(state))
#define KXX_CALLABLE_WHEN(...) KXX_ATTRIBUTE(callable_when(__VA_ARGS__))
#define KXX_SET_TYPESTATE(state) KXX_ATTRIBUTE(set_typestate(state))
#define KXX_PARAM_TYPESTATE(state) KXX_ATTRIBUTE(param_typestate(state))
#define KXX_RETURN_TYPESTATE(state) KXX_ATTRIBUTE(return_typestate(state))
#define KXX_TEST_TYPESTATE(state) KXX_ATTRIBUTE(test_typestate(state))
/* A consumable that must be "unconsumed", and still is afterwards. */
#define KXX_UNCONSUMED KXX_PARAM_TYPESTATE(unconsumed) KXX_RETURN_TYPESTATE(unconsumed)

/* References: -Wdangling, -Wreturn-stack-address. After a method's const only [[]] can stand. */
#ifdef __clang__
#define KXX_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define KXX_LIFETIMEBOUND
#endif

/*
 * The analyzer: with KXX_ANALYZE, as `make lint` has it, clang follows what KXX_TAKES() of
 * glue/types.h says through a function and what that calls.
 *
 *   KXX_FORGET(member)   in a destructor: it destroys the value of a union, and so of an
 *                        optional, a second time, which must find nothing there
 *   KXX_ANOTHER(pointer)   one more user of the object: it takes each for the last, so that
 *                          what was had of one user is gone with that, and no other's is
 */
#ifdef KXX_ANALYZE
namespace kxx::detail {

/* Has no definition: to the analyzer it may return any pointer. */
template <typename T> T *another(T *object);

} // namespace kxx::detail

#define KXX_FORGET(member) ((member) = nullptr)
#define KXX_ANOTHER(pointer) ::kxx::detail::another(pointer)
#else
#define KXX_FORGET(member) static_cast<void>(0)
#define KXX_ANOTHER(pointer) (pointer)
#endif

/* Refuses a call whose arguments are constants that meet @condition. */
#define KXX_DIAGNOSE_IF(condition, message) KXX_ATTRIBUTE(diagnose_if(condition, message, "error"))
