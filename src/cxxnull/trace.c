// SPDX-License-Identifier: GPL-2.0
/* trace.c - defines the events without LTO, because the kernel finds their sections by name */
#define CREATE_TRACE_POINTS
#include "trace.h"

const char *nullb_trace_disk_name(struct trace_seq *p, const char *name)
{
	const char *start = trace_seq_buffer_ptr(p);

	trace_seq_printf(p, "disk=%s, ", name);
	trace_seq_putc(p, 0);
	return start;
}
