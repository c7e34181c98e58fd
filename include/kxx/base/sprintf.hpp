/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sprintf.hpp - formats text into a buffer
 * Declares the kernel's export, as <linux/sprintf.h> does (<linux/kernel.h> before 6.8).
 * Context: any.
 */
#pragma once

#include <stddef.h>

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
/* Writes at most @size bytes including the NUL; returns the number written without the NUL. */
int scnprintf(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
KXX_END_DECLS
