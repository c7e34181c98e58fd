// SPDX-License-Identifier: GPL-2.0
/*
 * stress.c - the module kxx_stress: runs the stress test of locks_stress.cc when loaded
 *
 * Loading fails if the test fails. Does not need KUnit, so that it runs on stock kernels.
 */
#include <linux/init.h>
#include <linux/module.h>

#include "stress.h"

static unsigned int seconds = 10;
module_param(seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "How long. Default: 10");

static int __init kxx_stress_init(void)
{
	return kxx_stress_run(seconds);
}

static void __exit kxx_stress_exit(void)
{
}

module_init(kxx_stress_init);
module_exit(kxx_stress_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("All of kxx's locks under load");
