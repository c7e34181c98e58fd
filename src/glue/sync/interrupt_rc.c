// SPDX-License-Identifier: GPL-2.0
#include <kxx/glue/sync/interrupt_rc.h>

#include "../compat.h"

__always_inline __flatten void kxx_local_interrupt_disable(void)
{
	local_interrupt_disable();
}

__always_inline __flatten void kxx_local_interrupt_enable(void)
{
	local_interrupt_enable();
}
