// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/platform_device.h>

#include <kxx/glue/device/platform_device.h>

struct platform_device *kxx_platform_device_register_full(const char *name, int id,
							  const void *data, size_t size)
{
	struct platform_device_info info = {
		.name = name,
		.id = id,
		.data = data,
		.size_data = size,
	};

	return platform_device_register_full(&info);
}

struct device *kxx_platform_device_dev(struct platform_device *pdev)
{
	return &pdev->dev;
}

struct platform_device *kxx_to_platform_device(struct device *dev)
{
	return to_platform_device(dev);
}

int kxx_platform_device_id(const struct platform_device *pdev)
{
	return pdev->id;
}

const char *kxx_platform_device_name(const struct platform_device *pdev)
{
	return pdev->name;
}

const void *kxx_dev_get_platdata(const struct platform_device *pdev)
{
	return dev_get_platdata(&pdev->dev);
}

int kxx_platform_driver_register(struct platform_driver *driver)
{
	return platform_driver_register(driver);
}

int kxx_device_driver_attach(struct platform_driver *driver, struct platform_device *pdev)
{
	return device_driver_attach(&driver->driver, &pdev->dev);
}
