/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nodemask.hpp - how many NUMA nodes there are
 * Wraps <linux/nodemask.h>. Glue: glue/nodemask.h
 */
#pragma once

#include <kxx/glue/nodemask.h>

namespace kxx {

/** nr_online_nodes - how many nodes are online; from 1. Context: any */
inline unsigned int nr_online_nodes()
{
	return kxx_nr_online_nodes();
}

} // namespace kxx
