/* SPDX-License-Identifier: GPL-2.0 */
/*
 * has_member.hpp - whether a class has a member of a name, whatever that is
 *
 * For callbacks that a class may have or not. To ask whether a call of it compiles
 * would take one of a wrong signature, a private or an overloaded one for none.
 */
#pragma once

#include <type_traits>

/*
 * KXX_HAS_MEMBER - makes @trait<T>, true if T has a member called @name
 * If so, it is ambiguous beside another of the same name.
 */
// NOLINTBEGIN(bugprone-macro-parentheses): these are names.
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
		requires std::is_class_v<T> && requires { sizeof(T); }                             \
	inline constexpr bool trait<T> = !trait##_probe<T>::absent
// NOLINTEND(bugprone-macro-parentheses)
