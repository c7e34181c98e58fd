/* SPDX-License-Identifier: GPL-2.0 */
/*
 * string.hpp - memcpy() and memset()
 * Compile to inline code, or to calls of the kernel's exports that <linux/string.h> declares.
 * Context: any.
 */
#pragma once

#include <stddef.h>
#include <type_traits>

#include <kxx/base/printk.hpp>

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

/* Never defined: GCC refuses a call that it does not remove. */
[[gnu::error("more bytes than the array, member or object has")]] void overflows();

/*
 * fits - Returns false if GCC knows that the array, member or object at @at has fewer bytes
 *
 * Does what CONFIG_FORTIFY_SOURCE does for C: a constant @size that does not fit does not compile,
 * any other one causes a WARN(). Must be inlined, also into callers that get @at as a parameter:
 * elsewhere GCC knows nothing of @at.
 */
[[gnu::always_inline]] inline bool fits(const void *at, size_t size, const char *function)
{
	size_t most = __builtin_object_size(at, 1);

	if (size <= most) [[likely]]
		return true;
	if (__builtin_constant_p(size))
		overflows();
	kxx_warn("kxx: BUG: %s() of %zu bytes, where %zu are\n", function, size, most);
	return false;
}

} // namespace detail

/*
 * memcpy() and memset() use GCC's built-ins by name. With -ffreestanding, GCC treats the plain
 * names as ordinary functions and emits a call even for a few bytes. An object that cannot be
 * copied, such as a lock or an Atomic, does not compile: construct it again. Neither does a
 * constant @size beyond the end of an array, member or object that GCC knows. A variable @size
 * beyond it causes a WARN(), and changes nothing.
 */
template <typename To, typename From>
[[gnu::always_inline]] inline void *memcpy(To *to, const From *from, size_t size)
{
	static_assert(detail::Bytes<From>, "memcpy() of an object that is more than its bytes");
	static_assert(detail::Bytes<To>, "memcpy() over an object that is more than its bytes");
	if (!detail::fits(to, size, "memcpy") || !detail::fits(from, size, "memcpy"))
		return to;
	return __builtin_memcpy(to, from, size);
}

template <typename To> [[gnu::always_inline]] inline void *memset(To *to, int byte, size_t size)
{
	static_assert(detail::Bytes<To>, "memset() over an object that is more than its bytes");
	if (!detail::fits(to, size, "memset"))
		return to;
	return __builtin_memset(to, byte, size);
}

} // namespace kxx
