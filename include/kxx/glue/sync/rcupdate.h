/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/rcupdate.h - <linux/rcupdate.h> for C++ */
#ifndef KXX_GLUE_RCUPDATE_H
#define KXX_GLUE_RCUPDATE_H

#include <kxx/glue/types.h>

/* struct rcu_head; in the kernel, rcu_head is a macro for callback_head */
struct callback_head;

KXX_BEGIN_DECLS
void kxx_rcu_read_lock(void);
void kxx_rcu_read_unlock(void);
void *kxx_rcu_dereference(void *const *pointer);
void kxx_rcu_assign_pointer(void **pointer, void *value);
unsigned long start_poll_synchronize_rcu(void);
bool poll_state_synchronize_rcu(unsigned long cookie);
/* Frees, after a grace period, the kmalloc() object that begins with @head. */
void kxx_kfree_rcu(struct callback_head *head);
void cond_synchronize_rcu(unsigned long cookie);
KXX_END_DECLS

#endif
