/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/cpumask.h - <linux/cpumask.h> for C++ */
#ifndef KXX_GLUE_CPUMASK_H
#define KXX_GLUE_CPUMASK_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
/* Returns the highest possible CPU number plus 1. */
unsigned int kxx_nr_cpu_ids(void);
unsigned int kxx_raw_smp_processor_id(void);
bool kxx_cpu_possible(unsigned int cpu);
KXX_END_DECLS

#endif
