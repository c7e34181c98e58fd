/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/fault-inject.h - <linux/fault-inject.h> for C++ */
#ifndef KXX_GLUE_FAULT_INJECT_H
#define KXX_GLUE_FAULT_INJECT_H

#include <kxx/glue/types.h>

struct config_group;

#ifndef __cplusplus
#include <linux/fault-inject.h>

/* Contains as much of struct fault_config as the kernel's configuration has. */
struct kxx_fault {
#if defined(CONFIG_FAULT_INJECTION_CONFIGFS)
	struct fault_config config;
#elif defined(CONFIG_FAULT_INJECTION)
	struct {
		struct fault_attr attr;
	} config;
#endif
};
#endif
struct kxx_fault;

KXX_BEGIN_DECLS
/* Initialises @fault: no faults until kxx_fault_setup(), or until user space asks in configfs. */
void kxx_fault_init(struct kxx_fault *fault);
/* Returns 0, or -EINVAL for a wrong @text and on a kernel without CONFIG_FAULT_INJECTION. */
int kxx_fault_setup(struct kxx_fault *fault, const char *text);
bool kxx_should_fail(struct kxx_fault *fault);
/* Do nothing on a kernel without CONFIG_FAULT_INJECTION_CONFIGFS. */
void kxx_fault_add_group(struct kxx_fault *fault, const char *name, struct config_group *parent);
void kxx_fault_put_group(struct kxx_fault *fault);
KXX_END_DECLS

#endif
