/* SPDX-License-Identifier: GPL-2.0 */
/*
 * has_member.hpp - tests at compile time whether a class has a member of a given name
 *
 * Use it for optional callbacks. A test whether a call compiles would say "absent" for a callback
 * with a wrong signature, a private one or an overloaded one, and the callback would silently
 * never run. This test finds any member of that name.
 */
#pragma once

#include <type_traits>

namespace kxx::detail {

/* A function, so that the compiler checks each class once and not once for each callback. */
template <typename T> consteval bool may_have_callbacks()
{
	static_assert(!std::is_final_v<T>,
		      "a class with callbacks must not be final: kxx derives from it to find them");
	return !std::is_final_v<T>;
}

} // namespace kxx::detail

/*
 * KXX_HAS_MEMBER - Defines @trait<T>, true if T has a member called @name
 *
 * Derives a class from T and from a class with a member @name. If T has such a member too, the
 * name is ambiguous and `&Both::name` does not compile. For a final class, which kxx refuses,
 * every trait is false.
 */
// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are names.
#define KXX_HAS_MEMBER(trait, name)                                                                \
	template <typename T> struct trait##_probe {                                               \
		struct Name {                                                                      \
			int name;                                                                  \
		};                                                                                 \
		struct Both : T, Name {};                                                          \
		static constexpr bool absent = requires { &Both::name; };                          \
	};                                                                                         \
	template <typename T> inline constexpr bool trait = false;                                 \
	template <typename T>                                                                      \
		requires std::is_class_v<T> && requires { sizeof(T); } &&                          \
				 (::kxx::detail::may_have_callbacks<T>())                          \
	inline constexpr bool trait<T> = !trait##_probe<T>::absent
// NOLINTEND(bugprone-macro-parentheses)
