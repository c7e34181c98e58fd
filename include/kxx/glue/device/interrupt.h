/* SPDX-License-Identifier: GPL-2.0 */
/* glue/device/interrupt.h - <linux/interrupt.h> for C++ */
#ifndef KXX_GLUE_INTERRUPT_H
#define KXX_GLUE_INTERRUPT_H

#include <kxx/glue/types.h>

#ifdef __cplusplus
enum irqreturn : unsigned int;
#else
#include <linux/interrupt.h>
#endif

KXX_BEGIN_DECLS
/* Passes IRQF_NO_THREAD, so that the handler always runs with interrupts off. */
int kxx_request_irq(unsigned int irq, enum irqreturn (*handler)(int irq, void *dev_id),
		    const char *name, void *dev_id);
const void *free_irq(unsigned int irq, void *dev_id);
KXX_END_DECLS

#endif
