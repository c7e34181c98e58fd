/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/nodemask.h - <linux/nodemask.h> for C++ */
#ifndef KXX_GLUE_NODEMASK_H
#define KXX_GLUE_NODEMASK_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
unsigned int kxx_nr_online_nodes(void);
bool kxx_node_online(unsigned int node);
KXX_END_DECLS

#endif
