/* SPDX-License-Identifier: GPL-2.0 */
/*
 * string.hpp - bytes
 * The kernel's own exports, as <linux/string.h> declares them. Context: any.
 */
#pragma once

#include <stddef.h>

namespace kxx {

/* The built-ins, since -ffreestanding keeps GCC from knowing the plain names. */
inline void *memcpy(void *to, const void *from, size_t size)
{
	return __builtin_memcpy(to, from, size);
}

inline void *memset(void *to, int byte, size_t size)
{
	return __builtin_memset(to, byte, size);
}

} // namespace kxx
