// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - module_init() and module_exit() of a module that uses KXX_MODULE().
 * Compiled without LTO, as is every file with module_init().
 */
#include <linux/init.h>
#include <linux/module.h>

#include <kxx/glue/base/module.h>

static int __init kxx_main_init(void)
{
	return kxx_module_init();
}

static void __exit kxx_main_exit(void)
{
	kxx_module_exit();
}

module_init(kxx_main_init);
module_exit(kxx_main_exit);
