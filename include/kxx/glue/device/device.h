/* SPDX-License-Identifier: GPL-2.0 */
/* glue/device/device.h - <linux/device.h> for C++ */
#ifndef KXX_GLUE_DEVICE_H
#define KXX_GLUE_DEVICE_H

#include <kxx/glue/types.h>

struct device;

KXX_BEGIN_DECLS
const char *kxx_dev_name(const struct device *dev);
void *kxx_dev_get_drvdata(const struct device *dev);
void kxx_dev_set_drvdata(struct device *dev, void *data);
struct device *get_device(struct device *dev);
void put_device(struct device *dev);

/* Calls @action(@data) when @dev is unbound, or at once if there is no memory for the entry. */
int kxx_devm_add_action_or_reset(struct device *dev, void (*action)(void *data), void *data);
KXX_END_DECLS

#endif
