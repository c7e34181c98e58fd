/* SPDX-License-Identifier: GPL-2.0 */
/*
 * string.hpp - bytes
 * The kernel's own exports, as <linux/string.h> declares them. Context: any.
 */
#pragma once

#include <stddef.h>
#include <type_traits>

namespace kxx {

namespace detail {

/* What is nothing but its bytes: no lock, no owner, no list of others. */
template <typename T>
concept Bytes = std::is_void_v<T> || std::is_trivially_copyable_v<T>;

} // namespace detail

/*
 * memcpy() and memset() call the built-ins by name. With -ffreestanding, GCC takes the plain names
 * for ordinary functions, and calls them even for a few bytes. Objects with a constructor, such
 * as a lock, do not compile: assign those, or construct them again.
 */
template <typename To, typename From> inline void *memcpy(To *to, const From *from, size_t size)
{
	static_assert(detail::Bytes<From>, "memcpy() of an object that is more than its bytes");
	static_assert(detail::Bytes<To>, "memcpy() over an object that is more than its bytes");
	return __builtin_memcpy(to, from, size);
}

template <typename To> inline void *memset(To *to, int byte, size_t size)
{
	static_assert(detail::Bytes<To>, "memset() over an object that is more than its bytes");
	return __builtin_memset(to, byte, size);
}

} // namespace kxx
