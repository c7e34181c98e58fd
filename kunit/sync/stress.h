/* SPDX-License-Identifier: GPL-2.0 */
/* stress.h - what stress.c calls of locks_stress.cc */
#ifndef KXX_STRESS_H
#define KXX_STRESS_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
/* 0, or a negative errno; -EIO when a count is wrong. Context: process, sleeps. */
__visible int kxx_stress_run(unsigned int seconds);
KXX_END_DECLS

#endif
