// SPDX-License-Identifier: GPL-2.0
#include <linux/nodemask.h>

#include <kxx/glue/base/nodemask.h>

unsigned int kxx_nr_online_nodes(void)
{
	return nr_online_nodes;
}

bool kxx_node_online(unsigned int node)
{
	return node < MAX_NUMNODES && node_online(node);
}
