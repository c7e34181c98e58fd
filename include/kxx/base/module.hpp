/* SPDX-License-Identifier: GPL-2.0 */
/*
 * module.hpp - the module that this code is in
 * Wraps THIS_MODULE of <linux/export.h>. Glue: none
 */
#pragma once

#ifdef MODULE
struct module;
extern "C" struct module __this_module;
#define THIS_MODULE (&__this_module)
#else
#define THIS_MODULE nullptr
#endif
