// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>
#include <linux/smp.h>

#include <kxx/glue/base/cpumask.h>

unsigned int kxx_nr_cpu_ids(void)
{
	return nr_cpu_ids;
}

unsigned int kxx_raw_smp_processor_id(void)
{
	return raw_smp_processor_id();
}

bool kxx_cpu_possible(unsigned int cpu)
{
	return cpu_possible(cpu);
}
