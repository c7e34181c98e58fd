/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/hrtimer.h - <linux/hrtimer.h> for C++ */
#ifndef KXX_GLUE_HRTIMER_H
#define KXX_GLUE_HRTIMER_H

#include <kxx/glue/types.h>

struct hrtimer;

#ifdef __cplusplus
enum hrtimer_mode : unsigned int;
enum hrtimer_restart : unsigned int;
#else
#include <linux/hrtimer.h>
#endif

KXX_BEGIN_DECLS
void kxx_hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		       enum hrtimer_mode mode);
void kxx_hrtimer_start(struct hrtimer *timer, u64 nsec, enum hrtimer_mode mode);
void kxx_hrtimer_forward_now(struct hrtimer *timer, u64 nsec);
void kxx_hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode);
int hrtimer_cancel(struct hrtimer *timer);
int hrtimer_try_to_cancel(struct hrtimer *timer);
KXX_END_DECLS

#endif
