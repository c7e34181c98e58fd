/* SPDX-License-Identifier: GPL-2.0 */
/* glue/fs/debugfs.h - <linux/debugfs.h> and <linux/seq_file.h> for C++ */
#ifndef KXX_GLUE_DEBUGFS_H
#define KXX_GLUE_DEBUGFS_H

#include <kxx/glue/types.h>

struct dentry;
struct seq_file;

/* A file whose text @show writes; must exist until kxx_debugfs_remove(). */
struct kxx_debugfs_file {
	void (*show)(struct seq_file *file, void *object);
	void *object;
	struct dentry *dentry;
};

KXX_BEGIN_DECLS
#ifdef __cplusplus
/* An export of the kernel, declared for C++ only: C includes <linux/seq_file.h>. */
void seq_printf(struct seq_file *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#endif
/* @parent: NULL for the root of debugfs */
struct dentry *debugfs_create_dir(const char *name, struct dentry *parent);
void debugfs_remove(struct dentry *dir);
void kxx_debugfs_create_file(struct kxx_debugfs_file *file, const char *name,
			     struct dentry *parent);
void kxx_debugfs_remove(struct kxx_debugfs_file *file);
KXX_END_DECLS

#endif
