/* SPDX-License-Identifier: GPL-2.0 */
/* debug_key.h - static key: is any debug feature of any disk enabled? For C and C++ */
#ifndef CXXNULL_DEBUG_KEY_H
#define CXXNULL_DEBUG_KEY_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
/* Tests the key; with LTO, an inlined NOP until cxxnull_enable_debug(). Context: any. */
bool cxxnull_debug_enabled(void);
/* Enables the key for good. Context: process, may sleep. */
void cxxnull_enable_debug(void);
KXX_END_DECLS

#endif
