/* SPDX-License-Identifier: GPL-2.0 */
/*
 * type_name.hpp - the name of a C++ type as a C string, made at compile time
 */
#pragma once

#include <stddef.h>

namespace kxx {

namespace detail {

template <size_t N> struct FixedString {
	char text[N + 1];
};

template <typename T> consteval auto type_name_of()
{
	/* "... [with T = NAME]" from GCC, "... [T = NAME]" from clang */
	constexpr const char *function = __PRETTY_FUNCTION__;
	constexpr size_t begin = [] {
		size_t i = 0;

		while (!(function[i] == 'T' && function[i + 1] == ' ' && function[i + 2] == '='))
			i++;
		return i + 4;
	}();
	constexpr size_t length = sizeof(__PRETTY_FUNCTION__) - 2 - begin;
	FixedString<length> name = {};

	for (size_t i = 0; i < length; i++)
		name.text[i] = function[begin + i];
	return name;
}

template <typename T> inline constexpr auto type_name_storage = type_name_of<T>();

} // namespace detail

/** type_name - Returns the name of T in C++, a string with static storage */
template <typename T> constexpr const char *type_name()
{
	return detail::type_name_storage<T>.text;
}

} // namespace kxx
