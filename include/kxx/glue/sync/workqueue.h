/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/workqueue.h - <linux/workqueue.h> for C++ */
#ifndef KXX_GLUE_WORKQUEUE_H
#define KXX_GLUE_WORKQUEUE_H

#include <kxx/glue/types.h>

struct lock_class_key;
struct work_struct;
struct workqueue_struct;

KXX_BEGIN_DECLS
void kxx_init_work(struct work_struct *work, void (*function)(struct work_struct *),
		   const char *name, struct lock_class_key *key);
struct workqueue_struct *kxx_alloc_workqueue(const char *name);
void destroy_workqueue(struct workqueue_struct *wq);
bool kxx_queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
/* Cancels @work; afterwards kxx_queue_work() does nothing and returns false. */
void kxx_disable_work_sync(struct work_struct *work);
KXX_END_DECLS

#endif
