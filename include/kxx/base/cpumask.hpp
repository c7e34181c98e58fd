/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cpumask.hpp - how many CPUs there can be
 * Wraps <linux/cpumask.h>. Glue: glue/base/cpumask.h
 */
#pragma once

#include <kxx/glue/base/cpumask.h>

namespace kxx {

/** nr_cpu_ids - one more than the highest number that a CPU here can have. Context: any */
inline unsigned int nr_cpu_ids()
{
	return kxx_nr_cpu_ids();
}

/** cpu_possible - whether this machine can have a CPU of that number. Context: any */
inline bool cpu_possible(unsigned int cpu)
{
	return kxx_cpu_possible(cpu);
}

/** raw_smp_processor_id - this CPU, or one that the task was on a moment ago. Context: any */
inline unsigned int raw_smp_processor_id()
{
	return kxx_raw_smp_processor_id();
}

} // namespace kxx
