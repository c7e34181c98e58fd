// SPDX-License-Identifier: GPL-2.0
/*
 * module.c - what only C can say about a module. Kept out of LTO: the sections
 * that these macros fill are found by name.
 */
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "name.h"
#include "params.h"

static struct cxxnull_params params = {
#define CXXNULL_PARAM(name, type, default, rule, min, max, unit, text) .name = default,
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text) \
	.param = default,
#define CXXNULL_FAULT(name, folder, text) .name = "",
#include "attributes.def"
};

/* As in null_blk, which refuses a value that is out of range before the module is initialised. */
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
#define CXXNULL_FAULT(name, folder, text)				\
	module_param_string(name, params.name, sizeof(params.name), 0444); \
	MODULE_PARM_DESC(name, "Fault injection: " text ". " #name	\
			 "=<interval>,<probability>,<space>,<times>");
#endif
#include "attributes.def"

struct init_work {
	struct work_struct work;
	int error;
};

static void init_in_worker(struct work_struct *work)
{
	struct init_work *init = container_of(work, struct init_work, work);

	init->error = cxxnull_init(&params);
	/*
	 * add_disk() opened each disk to look for partitions. The file is closed
	 * later and calls the disk's operations then, but nobody waits for that
	 * before a module goes whose init failed: the reference that an open disk
	 * holds on its module tells when. A load that succeeded waits a while as
	 * well, for an rmmod right after it not to find the module in use.
	 */
	for (unsigned int i = 0; module_refcount(THIS_MODULE) > 1; i++) {
		if (i == 50 && !init->error)
			break;
		if (i == 50)
			pr_warn(CXXNULL_NAME ": the load failed, and ends when all disks are closed\n");
		flush_delayed_fput();
		msleep(20);
	}
}

/*
 * In a worker: a task of user space closes its files when it returns there,
 * which insmod does only after this.
 */
static int __init cxxnull_module_init(void)
{
	struct init_work init;

	INIT_WORK_ONSTACK(&init.work, init_in_worker);
	queue_work(system_unbound_wq, &init.work);
	flush_work(&init.work);
	destroy_work_on_stack(&init.work);
	return init.error;
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
