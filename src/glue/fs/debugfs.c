// SPDX-License-Identifier: GPL-2.0
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include <kxx/glue/fs/debugfs.h>

static int show(struct seq_file *seq, void *unused)
{
	struct kxx_debugfs_file *file = seq->private;

	file->show(seq, file->object);
	return 0;
}

static int open(struct inode *inode, struct file *file)
{
	return single_open(file, show, inode->i_private);
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

void kxx_debugfs_create_file(struct kxx_debugfs_file *file, const char *name,
			     struct dentry *parent)
{
	file->dentry = debugfs_create_file(name, 0444, parent, file, &fops);
}

void kxx_debugfs_remove(struct kxx_debugfs_file *file)
{
	debugfs_remove(file->dentry);
}
