/* SPDX-License-Identifier: GPL-2.0 */
/* stress.h - interface between stress.c and locks_stress.cc */
#ifndef KXX_STRESS_H
#define KXX_STRESS_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
/* Returns 0, or a negative errno; -EIO if a counter is wrong. Context: process, may sleep. */
__visible int kxx_stress_run(unsigned int seconds);
KXX_END_DECLS

#endif
