/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nodemask.hpp - which NUMA nodes there are
 * Wraps <linux/nodemask.h>. Glue: glue/base/nodemask.h
 */
#pragma once

#include <kxx/glue/base/nodemask.h>

namespace kxx {

/** nr_online_nodes - how many nodes are online; from 1. Context: any */
inline unsigned int nr_online_nodes()
{
	return kxx_nr_online_nodes();
}

/** node_online - whether @node is online; false for a number that no node can have. Context: any */
inline bool node_online(unsigned int node)
{
	return kxx_node_online(node);
}

} // namespace kxx
