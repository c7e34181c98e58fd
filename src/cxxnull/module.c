// SPDX-License-Identifier: GPL-2.0
/*
 * module.c - what only C can say about a module. Kept out of LTO: the sections
 * that these macros fill are found by name.
 */
#include <linux/init.h>
#include <linux/module.h>

#include "params.h"

static struct cxxnull_params params = {
#define CXXNULL_PARAM(name, type, default, rule, min, max, description) .name = default,
#include "params.def"
#undef CXXNULL_PARAM
};

#define CXXNULL_PARAM(name, type, default, rule, min, max, description)	\
	module_param_named(name, params.name, type, 0444);			\
	MODULE_PARM_DESC(name, description ". Default: " #default);
#include "params.def"
#undef CXXNULL_PARAM

static int __init cxxnull_module_init(void)
{
	return cxxnull_init(&params);
}

static void __exit cxxnull_module_exit(void)
{
	cxxnull_exit();
}

module_init(cxxnull_module_init);
module_exit(cxxnull_module_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Null block device in C++");
