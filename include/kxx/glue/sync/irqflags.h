/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/irqflags.h - <linux/irqflags.h> for C++ */
#ifndef KXX_GLUE_IRQFLAGS_H
#define KXX_GLUE_IRQFLAGS_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
bool kxx_irqs_disabled(void);
void kxx_lockdep_assert_irqs_disabled(void);
/* This CPU's slot for what C++ keeps there; interrupts are off. */
void **kxx_innermost_irq_guard(void);
KXX_END_DECLS

#endif
