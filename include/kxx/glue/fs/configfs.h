/* SPDX-License-Identifier: GPL-2.0 */
/* glue/fs/configfs.h - <linux/configfs.h> for C++ */
#ifndef KXX_GLUE_CONFIGFS_H
#define KXX_GLUE_CONFIGFS_H

#include <kxx/glue/types.h>

struct config_group;
struct config_item;
struct configfs_subsystem;

KXX_BEGIN_DECLS
/* @type: a struct config_item_type that C++ filled in. Returns 0 or -ENOMEM. */
int kxx_config_group_init_type_name(struct config_group *group, const char *name,
				    const void *type);
struct config_group *kxx_to_config_group(struct config_item *item);
void config_item_put(struct config_item *item);

/* @subsys: must be zeroed by the caller. Returns 0 or a negative errno. */
int kxx_configfs_register_subsystem(struct configfs_subsystem *subsys, const char *name,
				    const void *type);
void kxx_configfs_unregister_subsystem(struct configfs_subsystem *subsys);
struct configfs_subsystem *kxx_to_configfs_subsystem(struct config_group *group);
KXX_END_DECLS

#endif
