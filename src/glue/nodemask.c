// SPDX-License-Identifier: GPL-2.0
#include <linux/nodemask.h>

#include <kxx/glue/nodemask.h>

unsigned int kxx_nr_online_nodes(void)
{
	return nr_online_nodes;
}
