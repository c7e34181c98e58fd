/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cpumask.hpp - numbers of possible CPUs
 * Wraps <linux/cpumask.h>. Glue: glue/base/cpumask.h
 */
#pragma once

#include <kxx/glue/base/cpumask.h>

namespace kxx {

/** nr_cpu_ids - Returns the highest possible CPU number plus 1. Context: any */
inline unsigned int nr_cpu_ids()
{
	return kxx_nr_cpu_ids();
}

/** cpu_possible - Returns true if @cpu can come online on this machine. Context: any */
inline bool cpu_possible(unsigned int cpu)
{
	return kxx_cpu_possible(cpu);
}

/** raw_smp_processor_id - Returns this CPU; the task may have left it since. Context: any */
inline unsigned int raw_smp_processor_id()
{
	return kxx_raw_smp_processor_id();
}

} // namespace kxx
