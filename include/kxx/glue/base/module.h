/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/module.h - what kbuild/main.c calls of the C++ in a module */
#ifndef KXX_GLUE_MODULE_H
#define KXX_GLUE_MODULE_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
/* module_init() and module_exit(), as KXX_MODULE() defines them. */
int kxx_module_init(void);
void kxx_module_exit(void);
KXX_END_DECLS

#endif
