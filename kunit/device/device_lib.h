/* SPDX-License-Identifier: GPL-2.0 */
/* device_lib.h - what others than a driver do with devices, for the suites */
#ifndef KXX_DEVICE_LIB_H
#define KXX_DEVICE_LIB_H

#include <kxx/glue/types.h>

struct device;
struct platform_driver;

KXX_BEGIN_DECLS
unsigned int kxx_test_device_references(const struct device *dev);
int kxx_test_module_references(void);
bool kxx_test_device_is_bound(const struct device *dev);

/* What sysfs does when root writes to bind and to unbind: 1 if @dev was bound. */
int kxx_test_device_attach(struct device *dev);
void kxx_test_device_release_driver(struct device *dev);
/* Deferred probes that were triggered have ended. */
void kxx_test_wait_for_device_probe(void);

/* As the power management and a reboot call a driver that is bound. */
int kxx_test_device_suspend(struct device *dev);
int kxx_test_device_resume(struct device *dev);
void kxx_test_device_shutdown(struct device *dev);

/* What a driver that has only a probe leaves out is NULL. */
bool kxx_test_driver_has_only_probe_and_remove(const struct platform_driver *driver);

/* The whole of a small file, with a NUL behind it, or a negative errno. */
int kxx_test_read_file(const char *path, char *text, size_t size);
/* @text, in one write: its length or a negative errno. */
int kxx_test_write_file(const char *path, const char *text);
/* The permissions of a file, or a negative errno. */
int kxx_test_file_mode(const char *path);
KXX_END_DECLS

#endif
