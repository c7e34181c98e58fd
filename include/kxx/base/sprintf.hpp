/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sprintf.hpp - text into a buffer
 * The kernel's own export, as <linux/sprintf.h> declares it (<linux/kernel.h> before 6.8).
 * Context: any.
 */
#pragma once

#include <stddef.h>

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
/* At most @size bytes, with the 0 at the end; how many there are without that. */
int scnprintf(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
KXX_END_DECLS
