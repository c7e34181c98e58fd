// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>

#include <kxx/glue/cpumask.h>

unsigned int kxx_nr_cpu_ids(void)
{
	return nr_cpu_ids;
}

bool kxx_cpu_possible(unsigned int cpu)
{
	return cpu_possible(cpu);
}
