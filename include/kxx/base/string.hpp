/* SPDX-License-Identifier: GPL-2.0 */
/*
 * string.hpp - memcpy() and memset()
 * Compile to inline code, or to calls of the kernel's exports that <linux/string.h> declares.
 * Context: any.
 */
#pragma once

#include <stddef.h>
#include <type_traits>

namespace kxx {

namespace detail {

/* A type that may be copied byte by byte: not a lock, an owner or a list node. */
template <typename T>
concept Bytes = std::is_void_v<T> || std::is_trivially_copyable_v<T>;

} // namespace detail

/*
 * memcpy() and memset() use GCC's built-ins by name. With -ffreestanding, GCC treats the plain
 * names as ordinary functions and emits a call even for a few bytes. Objects with a constructor,
 * such as locks, do not compile: assign such an object, or construct it again.
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
