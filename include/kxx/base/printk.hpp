/* SPDX-License-Identifier: GPL-2.0 */
/*
 * printk.hpp - kernel log messages
 * Wraps <linux/printk.h> and <linux/bug.h>. Glue: glue/base/printk.h
 *
 * pr_err(), pr_warn() and pr_info() work as in C. A file that wants its own pr_fmt() must
 * define it before it includes this header. Context: any.
 */
#pragma once

#include <kxx/glue/base/printk.h>

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

/** pr_err - _printk() with log level KERN_ERR; pr_warn() and pr_info() use their own levels */
#define KXX_KERN_SOH "\001"
#define pr_err(fmt, ...) _printk(KXX_KERN_SOH "3" pr_fmt(fmt) __VA_OPT__(, ) __VA_ARGS__)
#define pr_warn(fmt, ...) _printk(KXX_KERN_SOH "4" pr_fmt(fmt) __VA_OPT__(, ) __VA_ARGS__)
#define pr_info(fmt, ...) _printk(KXX_KERN_SOH "6" pr_fmt(fmt) __VA_OPT__(, ) __VA_ARGS__)

namespace kxx {

/** bug - BUG(): stops here after an error that would corrupt memory if the code went on */
[[noreturn, gnu::always_inline]] inline void bug()
{
	kxx_bug();
	__builtin_trap();
}

} // namespace kxx
