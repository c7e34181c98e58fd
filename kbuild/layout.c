// SPDX-License-Identifier: GPL-2.0
/*
 * layout.c - sizes, offsets and constants of the target kernel's structures.
 * Compiled to assembly and never linked: kbuild extracts the numbers from the
 * assembly and writes them to <generated/kxx-layout.h>, for C++.
 */
#include <drm/drm_mm.h>
#include <linux/badblocks.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/configfs.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/kbuild.h>
#include <linux/miscdevice.h>
#include <linux/mod_devicetable.h>
#include <linux/mutex.h>
#include <linux/numa.h>
#include <linux/platform_device.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <kxx/glue/sync/atomic.h>
#include <kxx/glue/base/fault-inject.h>
#include <kxx/glue/sync/local_lock.h>

#include "../src/glue/compat.h"

#define KXX_TYPE(name)						\
	DEFINE(KXX_SIZEOF_##name, sizeof(struct name));		\
	DEFINE(KXX_ALIGNOF_##name, __alignof__(struct name));
#define KXX_MEMBER(structure, member, ...)			\
	static_assert(__builtin_types_compatible_p(typeof_member(struct structure, member), \
						   typeof(__VA_ARGS__)), \
		      "this kernel's struct " #structure " has a " #member \
		      " of another type than " #__VA_ARGS__);	\
	DEFINE(KXX_OFFSETOF_##structure##_##member, offsetof(struct structure, member));
#ifdef CONFIG_BLK_DEBUG_FS
#define KXX_MEMBER_IF_BLK_DEBUG_FS KXX_MEMBER
#else
#define KXX_MEMBER_IF_BLK_DEBUG_FS(structure, member, ...)	\
	DEFINE(KXX_OFFSETOF_##structure##_##member, -1L);
#endif
#define KXX_CONSTANT(name)					\
	DEFINE(KXX_##name, (long)name);
#define KXX_COMPAT(name)					\
	DEFINE(KXX_IS_##name, (long)KXX_COMPAT_##name);
#define KXX_CONFIG(name)					\
	DEFINE(KXX_CONFIG_##name, (long)IS_ENABLED(CONFIG_##name));

/* glue/types.h defines these types for C++ with these sizes. */
static_assert(sizeof(gfp_t) == 4 && sizeof(sector_t) == 8 && sizeof(blk_status_t) == 1 &&
	      sizeof(umode_t) == 2 && sizeof(loff_t) == 8 && sizeof(ssize_t) == sizeof(long));

/* layout.hpp and the glue's headers declare these for C++ as (enums of) unsigned int. */
static_assert(__builtin_types_compatible_p(kxx_compat_open_mode, unsigned int));
static_assert(sizeof(enum blk_eh_timer_return) == 4 && sizeof(enum hrtimer_restart) == 4 &&
	      sizeof(enum irqreturn) == 4 && sizeof(enum probe_type) == 4 &&
	      sizeof(enum drm_mm_insert_mode) == 4);

/* mod_devicetable.hpp has its own copy of this structure, to build tables at compile time. */
static_assert(offsetof(struct platform_device_id, name) == 0 &&
	      sizeof_field(struct platform_device_id, name) == PLATFORM_NAME_SIZE);

int main(void)
{
#include <kxx/base/layout.def>
	return 0;
}
