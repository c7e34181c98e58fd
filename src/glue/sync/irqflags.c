// SPDX-License-Identifier: GPL-2.0
#include <linux/irqflags.h>
#include <linux/percpu.h>

#include <kxx/glue/sync/irqflags.h>

static DEFINE_PER_CPU(void *, innermost_irq_guard);

__always_inline bool kxx_irqs_disabled(void)
{
	return irqs_disabled();
}

__always_inline void **kxx_innermost_irq_guard(void)
{
	return this_cpu_ptr(&innermost_irq_guard);
}
