/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/module.h - C++ functions of a module that kbuild/main.c calls */
#ifndef KXX_GLUE_MODULE_H
#define KXX_GLUE_MODULE_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
/* Called by module_init() and module_exit(); KXX_MODULE() defines them. */
int kxx_module_init(void);
void kxx_module_exit(void);
KXX_END_DECLS

#endif
