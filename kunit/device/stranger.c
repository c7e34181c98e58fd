// SPDX-License-Identifier: GPL-2.0
/*
 * stranger.c - the module kxx_stranger: a platform device "stranger" with platform data
 *
 * The data contains no pointers, so that a driver that wrongly takes the data for its own would
 * access invalid addresses.
 */
#include <linux/module.h>
#include <linux/platform_device.h>

static struct platform_device *device;

static int __init stranger_init(void)
{
	static const u8 data[64] = { [0 ... 63] = 0x5a };

	device = platform_device_register_data(NULL, "stranger", PLATFORM_DEVID_NONE, data,
					       sizeof(data));
	return PTR_ERR_OR_ZERO(device);
}

static void __exit stranger_exit(void)
{
	platform_device_unregister(device);
}

module_init(stranger_init);
module_exit(stranger_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A platform device with data that is another driver's");
