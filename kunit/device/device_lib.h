/* SPDX-License-Identifier: GPL-2.0 */
/* device_lib.h - operations on devices that a driver does not do itself, for the suites */
#ifndef KXX_DEVICE_LIB_H
#define KXX_DEVICE_LIB_H

#include <kxx/glue/types.h>

struct device;
struct platform_driver;

KXX_BEGIN_DECLS
unsigned int kxx_test_device_references(const struct device *dev);
int kxx_test_module_references(void);
bool kxx_test_device_is_bound(const struct device *dev);

/* Bind and unbind as the files bind and unbind of sysfs do; attach returns 1 if @dev was bound. */
int kxx_test_device_attach(struct device *dev);
void kxx_test_device_release_driver(struct device *dev);
/* Waits until deferred probes that were triggered have ended. */
void kxx_test_wait_for_device_probe(void);

/* Call the driver as power management and a reboot do. */
int kxx_test_device_suspend(struct device *dev);
int kxx_test_device_resume(struct device *dev);
void kxx_test_device_shutdown(struct device *dev);

/* Returns true if all callbacks except probe and remove are NULL. */
bool kxx_test_driver_has_only_probe_and_remove(const struct platform_driver *driver);

/* Reads a small file as a string. Returns its length or a negative errno. */
int kxx_test_read_file(const char *path, char *text, size_t size);
/* Writes @text with one write(). Returns its length or a negative errno. */
int kxx_test_write_file(const char *path, const char *text);
/* Returns the permissions of a file, or a negative errno. */
int kxx_test_file_mode(const char *path);
KXX_END_DECLS

#endif
