// SPDX-License-Identifier: GPL-2.0
#include <linux/configfs.h>
#include <linux/ratelimit.h>

#include <kxx/glue/base/fault-inject.h>

#ifdef CONFIG_FAULT_INJECTION
void kxx_fault_init(struct kxx_fault *fault)
{
	fault->config.attr = (struct fault_attr)FAULT_ATTR_INITIALIZER;
	/* The initialiser is for static variables: lockdep needs a key for the lock. */
	ratelimit_state_init(&fault->config.attr.ratelimit_state, 0, DEFAULT_RATELIMIT_BURST);
}

int kxx_fault_setup(struct kxx_fault *fault, const char *text)
{
	/* setup_fault_attr() only reads the text, although its type is not const. */
	if (!setup_fault_attr(&fault->config.attr, (char *)text))
		return -EINVAL;
	/* Do not log each fault, as in null_blk: the user has asked for faults. */
	fault->config.attr.verbose = 0;
	return 0;
}

bool kxx_should_fail(struct kxx_fault *fault)
{
	return should_fail(&fault->config.attr, 1);
}
#else
void kxx_fault_init(struct kxx_fault *fault)
{
}

int kxx_fault_setup(struct kxx_fault *fault, const char *text)
{
	return -EINVAL;
}

bool kxx_should_fail(struct kxx_fault *fault)
{
	return false;
}
#endif

#ifdef CONFIG_FAULT_INJECTION_CONFIGFS
void kxx_fault_add_group(struct kxx_fault *fault, const char *name, struct config_group *parent)
{
	fault_config_init(&fault->config, name);
	/* A long name is allocated, and fault_config_init() does not report a failure of that. */
	if (config_item_name(&fault->config.group.cg_item))
		configfs_add_default_group(&fault->config.group, parent);
}

void kxx_fault_put_group(struct kxx_fault *fault)
{
	config_item_put(&fault->config.group.cg_item);
}
#else
void kxx_fault_add_group(struct kxx_fault *fault, const char *name, struct config_group *parent)
{
}

void kxx_fault_put_group(struct kxx_fault *fault)
{
}
#endif
