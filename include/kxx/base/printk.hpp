/* SPDX-License-Identifier: GPL-2.0 */
/*
 * printk.hpp - the kernel log
 * Wraps <linux/printk.h> and <linux/bug.h>. Glue: glue/base/printk.h
 *
 * pr_err() and its kin are the kernel's, pr_fmt() included: a file defines
 * pr_fmt before it includes this. Context: any.
 */
#pragma once

#include <kxx/glue/base/printk.h>

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

/** pr_err - _printk() with the level of the name; so the others */
#define KXX_KERN_SOH "\001"
#define pr_err(fmt, ...) _printk(KXX_KERN_SOH "3" pr_fmt(fmt) __VA_OPT__(, ) __VA_ARGS__)
#define pr_warn(fmt, ...) _printk(KXX_KERN_SOH "4" pr_fmt(fmt) __VA_OPT__(, ) __VA_ARGS__)
#define pr_info(fmt, ...) _printk(KXX_KERN_SOH "6" pr_fmt(fmt) __VA_OPT__(, ) __VA_ARGS__)

namespace kxx {

/** bug - BUG(): what cannot happen did, and going on would corrupt something */
[[noreturn, gnu::always_inline]] inline void bug()
{
	kxx_bug();
	__builtin_trap();
}

} // namespace kxx
