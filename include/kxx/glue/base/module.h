/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/module.h - C++ functions of a module that kbuild/main.c calls, and its references */
#ifndef KXX_GLUE_MODULE_H
#define KXX_GLUE_MODULE_H

#include <kxx/glue/types.h>

struct module;

KXX_BEGIN_DECLS
/* Called by module_init() and module_exit(); KXX_MODULE() defines them. */
int kxx_module_init(void);
void kxx_module_exit(void);

/* Waits until nobody but module_init() has a reference to @module, which may be NULL. */
void kxx_wait_for_module_users(struct module *module);
KXX_END_DECLS

#endif
