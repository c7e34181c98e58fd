// SPDX-License-Identifier: GPL-2.0
#include "trace.h"
#include "zone_trace.h"

__always_inline bool cxxnull_zone_op_enabled(void)
{
	return trace_nullb_zone_op_enabled();
}

void cxxnull_trace_zone_op(struct gendisk *disk, unsigned int op, unsigned int zone_no,
			   unsigned int zone_cond)
{
	trace_nullb_zone_op(disk, (__force enum req_op)op, zone_no, zone_cond);
}

void cxxnull_trace_report_zones(struct gendisk *disk, unsigned int nr_zones)
{
	trace_nullb_report_zones(disk, nr_zones);
}
