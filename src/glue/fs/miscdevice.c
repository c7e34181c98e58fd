// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/uaccess.h>

#include <kxx/glue/fs/miscdevice.h>

int kxx_misc_register(struct miscdevice *misc, const char *name,
		      const struct file_operations *fops)
{
	*misc = (struct miscdevice){ .minor = MISC_DYNAMIC_MINOR, .name = name, .fops = fops };
	return misc_register(misc);
}

void kxx_misc_deregister(struct miscdevice *misc)
{
	misc_deregister(misc);
}

void *kxx_file_private_data(const struct file *file)
{
	return file->private_data;
}

void kxx_file_set_private_data(struct file *file, void *data)
{
	file->private_data = data;
}

bool kxx_file_is_nonblock(const struct file *file)
{
	return file->f_flags & O_NONBLOCK;
}

unsigned long kxx_copy_to_user(void __user *to, const void *from, unsigned long n)
{
	return copy_to_user(to, from, n);
}

unsigned long kxx_copy_from_user(void *to, const void __user *from, unsigned long n)
{
	return copy_from_user(to, from, n);
}

ssize_t kxx_simple_read_from_buffer(void __user *to, size_t count, loff_t *pos, const void *from,
				    size_t available)
{
	return simple_read_from_buffer(to, count, pos, from, available);
}
