// SPDX-License-Identifier: GPL-2.0
#include <linux/interrupt.h>

#include <kxx/glue/device/interrupt.h>

int kxx_request_irq(unsigned int irq, enum irqreturn (*handler)(int irq, void *dev_id),
		    const char *name, void *dev_id)
{
	return request_irq(irq, handler, IRQF_NO_THREAD, name, dev_id);
}

