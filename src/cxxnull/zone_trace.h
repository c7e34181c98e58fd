/* SPDX-License-Identifier: GPL-2.0 */
/* zone_trace.h - calls that write the events of trace.h, for C and C++ */
#ifndef CXXNULL_ZONE_TRACE_H
#define CXXNULL_ZONE_TRACE_H

#include <kxx/glue/types.h>

struct gendisk;

KXX_BEGIN_DECLS
/* True if the event nullb_zone_op is enabled; tests a static key. Context: any. */
bool cxxnull_zone_op_enabled(void);
/* Writes nullb_zone_op. @op: enum req_op; @zone_cond: enum blk_zone_cond. Context: any. */
void cxxnull_trace_zone_op(struct gendisk *disk, unsigned int op, unsigned int zone_no,
			   unsigned int zone_cond);
/* Writes nullb_report_zones, if it is enabled. Context: any. */
void cxxnull_trace_report_zones(struct gendisk *disk, unsigned int nr_zones);
KXX_END_DECLS

#endif
