/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/irqflags.h - <linux/irqflags.h> for C++ */
#ifndef KXX_GLUE_IRQFLAGS_H
#define KXX_GLUE_IRQFLAGS_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
bool kxx_irqs_disabled(void);
/* Returns this CPU's head of the list of IrqGuards. Call with interrupts off. */
void **kxx_innermost_irq_guard(void);
KXX_END_DECLS

#endif
