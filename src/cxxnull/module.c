// SPDX-License-Identifier: GPL-2.0
/*
 * module.c - module parameters, init and exit, whose macros compile only as C. Built without LTO,
 * because the kernel finds the sections that these macros fill by name.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "params.h"

static struct cxxnull_params params = {
#define CXXNULL_PARAM(name, type, default, rule, min, max, unit, text) .name = default,
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text) \
	.param = default,
#define CXXNULL_FAULT(name, group, text) .name = "",
#include "attributes.def"
};

/* Refuses a value outside 0 to 2 while the parameter is parsed, as null_blk does. */
static int set_mode(const char *text, const struct kernel_param *param)
{
	int mode;

	if (kstrtoint(text, 10, &mode) || mode < 0 || mode > 2)
		return -EINVAL;
	*(int *)param->arg = mode;
	return 0;
}

static const struct kernel_param_ops param_ops_mode = {
	.set = set_mode,
	.get = param_get_int,
};

#define param_check_mode(name, p) param_check_int(name, p)

#define CXXNULL_PARAM(name, type, default, rule, min, max, unit, text)	\
	module_param_named(name, params.name, type, 0444);			\
	MODULE_PARM_DESC(name, text " (" unit "). Default: " #default);
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text) \
	CXXNULL_PARAM(param, param_type, default, rule, min, max, unit, text)
#ifdef CONFIG_FAULT_INJECTION
#define CXXNULL_FAULT(name, group, text)				\
	module_param_string(name, params.name, sizeof(params.name), 0444); \
	MODULE_PARM_DESC(name, "Fault injection: " text ". " #name	\
			 "=<interval>,<probability>,<space>,<times>");
#endif
#include "attributes.def"

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
MODULE_AUTHOR("The cxxnull authors");
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Null block device in C++");
