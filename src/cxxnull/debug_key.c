// SPDX-License-Identifier: GPL-2.0
/* debug_key.c - defines the static key, whose macros compile only as C */
#include <linux/jump_label.h>

#include "debug_key.h"

static DEFINE_STATIC_KEY_FALSE(debug_key);

__always_inline bool cxxnull_debug_enabled(void)
{
	return static_branch_unlikely(&debug_key);
}

void cxxnull_enable_debug(void)
{
	static_branch_enable(&debug_key);
}
