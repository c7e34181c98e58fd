/* SPDX-License-Identifier: GPL-2.0 */
/* glue/device/platform_device.h - <linux/platform_device.h> for C++ */
#ifndef KXX_GLUE_PLATFORM_DEVICE_H
#define KXX_GLUE_PLATFORM_DEVICE_H

#include <kxx/glue/types.h>

struct device;
struct platform_device;
struct platform_driver;

KXX_BEGIN_DECLS
/* Returns a device or an ERR_PTR(). Copies @size bytes of @data. */
struct platform_device *kxx_platform_device_register_full(const char *name, int id,
							  const void *data, size_t size);
void platform_device_unregister(struct platform_device *pdev) KXX_TAKES(1);

#ifndef KXX_ANALYZE
struct device *kxx_platform_device_dev(struct platform_device *pdev);
const void *kxx_dev_get_platdata(const struct platform_device *pdev);
#else
/* Tell clang's analyzer that both are parts of @pdev, invalid once @pdev is unregistered. */
static inline struct device *kxx_platform_device_dev(struct platform_device *pdev)
{
	return (struct device *)pdev;
}

static inline const void *kxx_dev_get_platdata(const struct platform_device *pdev)
{
	return pdev;
}
#endif
struct platform_device *kxx_to_platform_device(struct device *dev);
int kxx_platform_device_id(const struct platform_device *pdev);
const char *kxx_platform_device_name(const struct platform_device *pdev);

int kxx_platform_driver_register(struct platform_driver *driver);
void platform_driver_unregister(struct platform_driver *driver);
int kxx_device_driver_attach(struct platform_driver *driver, struct platform_device *pdev);
KXX_END_DECLS

#endif
