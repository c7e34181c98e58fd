/* SPDX-License-Identifier: GPL-2.0 */
/* trace.h - null_blk's events of zoned disks; system nullb with DROP_IN=1, else cxxnull */
#undef TRACE_SYSTEM
#ifdef CXXNULL_DROP_IN
#define TRACE_SYSTEM nullb
#else
#define TRACE_SYSTEM cxxnull
#endif

#if !defined(CXXNULL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define CXXNULL_TRACE_H

#include <linux/blk-mq.h>
#include <linux/trace_seq.h>
#include <linux/tracepoint.h>

#ifndef TRACE_HEADER_MULTI_READ
const char *nullb_trace_disk_name(struct trace_seq *p, const char *name);
#endif

TRACE_EVENT(nullb_zone_op,
	    TP_PROTO(struct gendisk *disk, enum req_op op, unsigned int zone_no,
		     unsigned int zone_cond),
	    TP_ARGS(disk, op, zone_no, zone_cond),
	    TP_STRUCT__entry(
		__array(char, disk, DISK_NAME_LEN)
		/* sparse refuses a bitwise type in __field(), which tests the sign of the type. */
		__field_struct(enum req_op, op)
		__field(unsigned int, zone_no)
		__field(unsigned int, zone_cond)
	    ),
	    TP_fast_assign(
		__entry->op = op;
		__entry->zone_no = zone_no;
		__entry->zone_cond = zone_cond;
		memcpy(__entry->disk, disk->disk_name, DISK_NAME_LEN);
	    ),
	    TP_printk("%s req=%-15s zone_no=%u zone_cond=%-10s",
		      nullb_trace_disk_name(p, __entry->disk),
		      blk_op_str(__entry->op), __entry->zone_no,
		      blk_zone_cond_str(__entry->zone_cond))
);

TRACE_EVENT(nullb_report_zones,
	    TP_PROTO(struct gendisk *disk, unsigned int nr_zones),
	    TP_ARGS(disk, nr_zones),
	    TP_STRUCT__entry(
		__array(char, disk, DISK_NAME_LEN)
		__field(unsigned int, nr_zones)
	    ),
	    TP_fast_assign(
		__entry->nr_zones = nr_zones;
		memcpy(__entry->disk, disk->disk_name, DISK_NAME_LEN);
	    ),
	    TP_printk("%s nr_zones=%u", nullb_trace_disk_name(p, __entry->disk),
		      __entry->nr_zones)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace

/* Must stay outside of the include guard. */
#include <trace/define_trace.h>
