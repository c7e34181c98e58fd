/* SPDX-License-Identifier: GPL-2.0 */
/*
 * glue/types.h - scalar types of the kernel, for C and C++
 *
 * C includes the kernel's own definitions. C++ includes no kernel header, so it defines them here;
 * kbuild/layout.c asserts that both are the same.
 */
#ifndef KXX_GLUE_TYPES_H
#define KXX_GLUE_TYPES_H

#ifdef __cplusplus
#include <stddef.h>

typedef signed int s32;
typedef signed long long s64;
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long ssize_t;
typedef unsigned int gfp_t;
typedef u64 sector_t;
typedef u8 blk_status_t;
typedef unsigned short umode_t;
typedef long long loff_t;

/* Only sparse needs this, when it checks the C side. */
#define __user

/* Marks a C++ function or object that C uses; without the mark, LTO would drop it. */
#ifdef __clang__
#define __visible
#else
#define __visible __attribute__((externally_visible))
#endif

/* Empty if the target kernel defines it so, since its GCC would not align cold functions. */
#ifdef KXX_KERNEL
#include <generated/kxx-layout.h>
#if KXX_IS_COLD
#define __cold __attribute__((__cold__))
#else
#define __cold
#endif
#else
#define __cold __attribute__((__cold__))
#endif

/*
 * KXX_TAKES - The callee frees or keeps the @n-th argument: the caller must not use it afterwards
 *
 * Only clang's analyzer checks that, with KXX_ANALYZE defined and the option
 * unix.DynamicMemoryModeling:Optimistic=true. scripts/tests/lint sets both for sources and
 * headers, and scripts/tests/misuse for the programs that expect such an error.
 */
#ifdef KXX_ANALYZE
#define KXX_TAKES(n) __attribute__((ownership_takes(malloc, n)))
#else
#define KXX_TAKES(n)
#endif

#define KXX_BEGIN_DECLS extern "C" {
#define KXX_END_DECLS }
#else
#include <linux/blk_types.h>
#include <linux/compiler_types.h>
#include <linux/types.h>

#define KXX_TAKES(n)
#define KXX_BEGIN_DECLS
#define KXX_END_DECLS
#endif

#endif
