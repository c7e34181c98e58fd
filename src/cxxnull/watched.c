// SPDX-License-Identifier: GPL-2.0
/* watched.c - a static key, which is C's to define */
#include <linux/jump_label.h>

#include "watched.h"

static DEFINE_STATIC_KEY_FALSE(any_watched);

__always_inline bool cxxnull_any_watched(void)
{
	return static_branch_unlikely(&any_watched);
}

void cxxnull_watch(void)
{
	static_branch_enable(&any_watched);
}
