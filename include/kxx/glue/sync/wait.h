/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/wait.h - <linux/wait.h>, schedule() and msecs_to_jiffies() for C++ */
#ifndef KXX_GLUE_WAIT_H
#define KXX_GLUE_WAIT_H

#include <kxx/glue/types.h>

struct lock_class_key;
struct wait_queue_entry;
struct wait_queue_head;

KXX_BEGIN_DECLS
void __init_waitqueue_head(struct wait_queue_head *wq_head, const char *name,
			   struct lock_class_key *key);
/* @nr: number of exclusive waiters to wake; 0 for all */
void kxx_wake_up(struct wait_queue_head *wq_head, unsigned int state, int nr);
void init_wait_entry(struct wait_queue_entry *entry, int flags);
long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *entry,
			   int state);
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *entry);
void schedule(void);
long schedule_timeout(long timeout);
unsigned long kxx_msecs_to_jiffies(unsigned int msecs);
KXX_END_DECLS

#endif
