// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "../../src/glue/compat.h"
#include "device_lib.h"

unsigned int kxx_test_device_references(const struct device *dev)
{
	return kref_read(&dev->kobj.kref);
}

int kxx_test_module_references(void)
{
#ifdef MODULE
	return module_refcount(THIS_MODULE);
#else
	return 0;
#endif
}

bool kxx_test_device_is_bound(const struct device *dev)
{
	return dev->driver;
}

int kxx_test_device_attach(struct device *dev)
{
	return device_attach(dev);
}

void kxx_test_device_release_driver(struct device *dev)
{
	device_release_driver(dev);
}

void kxx_test_wait_for_device_probe(void)
{
	wait_for_device_probe();
}

int kxx_test_device_suspend(struct device *dev)
{
	int err;

	device_lock(dev);
	err = dev->driver->pm->suspend(dev);
	device_unlock(dev);
	return err;
}

int kxx_test_device_resume(struct device *dev)
{
	int err;

	device_lock(dev);
	err = dev->driver->pm->resume(dev);
	device_unlock(dev);
	return err;
}

void kxx_test_device_shutdown(struct device *dev)
{
	device_lock(dev);
	dev->bus->shutdown(dev);
	device_unlock(dev);
}

bool kxx_test_driver_has_only_probe_and_remove(const struct platform_driver *driver)
{
	return driver->probe && driver->kxx_compat_remove && !driver->shutdown &&
	       !driver->suspend && !driver->resume && !driver->driver.pm &&
	       !driver->driver.sync_state && !driver->driver.dev_groups &&
	       !driver->driver.groups;
}

int kxx_test_read_file(const char *path, char *text, size_t size)
{
	struct file *file = kxx_compat_filp_open(path, O_RDONLY);
	loff_t pos = 0;
	ssize_t length;

	if (IS_ERR(file))
		return PTR_ERR(file);
	length = kernel_read(file, text, size - 1, &pos);
	filp_close(file, NULL);
	text[length < 0 ? 0 : length] = '\0';
	return length;
}

int kxx_test_write_file(const char *path, const char *text)
{
	struct file *file = kxx_compat_filp_open(path, O_WRONLY);
	loff_t pos = 0;
	ssize_t length;

	if (IS_ERR(file))
		return PTR_ERR(file);
	length = kernel_write(file, text, strlen(text), &pos);
	filp_close(file, NULL);
	return length;
}

int kxx_test_file_mode(const char *path)
{
	struct file *file = kxx_compat_filp_open(path, O_PATH);
	int mode;

	if (IS_ERR(file))
		return PTR_ERR(file);
	mode = file_inode(file)->i_mode & 07777;
	fput(file);
	return mode;
}
