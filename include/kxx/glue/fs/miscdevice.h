/* SPDX-License-Identifier: GPL-2.0 */
/* glue/fs/miscdevice.h - <linux/miscdevice.h> and functions of <linux/fs.h> for C++ */
#ifndef KXX_GLUE_MISCDEVICE_H
#define KXX_GLUE_MISCDEVICE_H

#include <kxx/glue/types.h>

struct file;
struct inode;
struct miscdevice;

KXX_BEGIN_DECLS
/* misc_register() with MISC_DYNAMIC_MINOR; returns 0 or a negative errno */
int kxx_misc_register(struct miscdevice *misc, const char *name,
		      const struct file_operations *fops);
void kxx_misc_deregister(struct miscdevice *misc);

void *kxx_file_private_data(const struct file *file);
void kxx_file_set_private_data(struct file *file, void *data);
bool kxx_file_is_nonblock(const struct file *file);

/* Return the number of bytes that were not copied. */
unsigned long kxx_copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long kxx_copy_from_user(void *to, const void __user *from, unsigned long n);
ssize_t kxx_simple_read_from_buffer(void __user *to, size_t count, loff_t *pos, const void *from,
				    size_t available);
KXX_END_DECLS

#endif
