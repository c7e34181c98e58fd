// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>

#include <kxx/glue/device/device.h>

const char *kxx_dev_name(const struct device *dev)
{
	return dev_name(dev);
}

void *kxx_dev_get_drvdata(const struct device *dev)
{
	return dev_get_drvdata(dev);
}

void kxx_dev_set_drvdata(struct device *dev, void *data)
{
	dev_set_drvdata(dev, data);
}

int kxx_devm_add_action_or_reset(struct device *dev, void (*action)(void *data), void *data)
{
	return devm_add_action_or_reset(dev, action, data);
}
