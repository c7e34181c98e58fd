/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/sched.h - <linux/sched.h> for C++ */
#ifndef KXX_GLUE_SCHED_H
#define KXX_GLUE_SCHED_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
void kxx_cond_resched(void);
/* Returns the current task, to compare tasks. */
const void *kxx_current(void);
KXX_END_DECLS

#endif
