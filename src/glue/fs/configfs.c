// SPDX-License-Identifier: GPL-2.0
#include <linux/configfs.h>
#include <linux/mutex.h>

#include <kxx/glue/fs/configfs.h>

int kxx_config_group_init_type_name(struct config_group *group, const char *name, const void *type)
{
	config_group_init_type_name(group, name, type);
	/* A long name is allocated, and config_group_init_type_name() does not report a failure. */
	return group->cg_item.ci_name ? 0 : -ENOMEM;
}

struct config_group *kxx_to_config_group(struct config_item *item)
{
	return to_config_group(item);
}

/* Drops the initial reference, which frees an allocated name. */
static void put_subsystem(struct configfs_subsystem *subsys)
{
	config_group_put(&subsys->su_group);
	mutex_destroy(&subsys->su_mutex);
}

int kxx_configfs_register_subsystem(struct configfs_subsystem *subsys, const char *name,
				    const void *type)
{
	int err = kxx_config_group_init_type_name(&subsys->su_group, name, type);

	if (err)
		return err;
	mutex_init(&subsys->su_mutex);
	err = configfs_register_subsystem(subsys);
	if (err)
		put_subsystem(subsys);
	return err;
}

void kxx_configfs_unregister_subsystem(struct configfs_subsystem *subsys)
{
	configfs_unregister_subsystem(subsys);
	put_subsystem(subsys);
}

struct configfs_subsystem *kxx_to_configfs_subsystem(struct config_group *group)
{
	return to_configfs_subsystem(group);
}
