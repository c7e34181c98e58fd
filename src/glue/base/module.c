// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/module.h>

#include <kxx/glue/base/module.h>

void kxx_wait_for_module_users(struct module *module)
{
#ifdef CONFIG_MODULE_UNLOAD
	/* module_init() itself has one reference. */
	while (module && module_refcount(module) > 1)
		msleep(20);
#endif
}
