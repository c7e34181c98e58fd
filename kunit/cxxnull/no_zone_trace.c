// SPDX-License-Identifier: GPL-2.0
/* no_zone_trace.c - stubs for the suites: only the driver's module defines the trace events */
#include "../../src/cxxnull/zone_trace.h"

bool cxxnull_zone_op_enabled(void)
{
	return false;
}

void cxxnull_trace_zone_op(struct gendisk *disk, unsigned int op, unsigned int zone_no,
			   unsigned int zone_cond)
{
}

void cxxnull_trace_report_zones(struct gendisk *disk, unsigned int nr_zones)
{
}
