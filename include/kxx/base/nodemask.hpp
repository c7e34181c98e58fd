/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nodemask.hpp - NUMA nodes that are online
 * Wraps <linux/nodemask.h>. Glue: glue/base/nodemask.h
 */
#pragma once

#include <kxx/glue/base/nodemask.h>

namespace kxx {

/** nr_online_nodes - Returns the number of online nodes, at least 1. Context: any */
inline unsigned int nr_online_nodes()
{
	return kxx_nr_online_nodes();
}

/** node_online - Returns true if @node is online; @node may be any number. Context: any */
inline bool node_online(unsigned int node)
{
	return kxx_node_online(node);
}

} // namespace kxx
