/* SPDX-License-Identifier: GPL-2.0 */
/* glue/workqueue.h - <linux/workqueue.h> for C++ */
#ifndef KXX_GLUE_WORKQUEUE_H
#define KXX_GLUE_WORKQUEUE_H

#include <kxx/glue/types.h>

struct lock_class_key;
struct work_struct;

KXX_BEGIN_DECLS
void kxx_init_work(struct work_struct *work, void (*function)(struct work_struct *),
		   const char *name, struct lock_class_key *key);
bool kxx_kblockd_schedule_work(struct work_struct *work);
bool kxx_cancel_work_sync(struct work_struct *work);
KXX_END_DECLS

#endif
