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

/*
 * A type that may be copied byte by byte: not a lock, an owner or a list node. A class whose copy
 * constructor is deleted, such as Atomic, is trivially copyable for the compilers.
 */
template <typename T>
concept Bytes =
	std::is_void_v<T> || (std::is_trivially_copyable_v<T> &&
			      std::is_trivially_copy_constructible_v<std::remove_all_extents_t<T>>);

} // namespace detail

/*
 * memcpy() and memset() use GCC's built-ins by name. With -ffreestanding, GCC treats the plain
 * names as ordinary functions and emits a call even for a few bytes. An object that cannot be
 * copied, such as a lock or an Atomic, does not compile: construct it again.
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
