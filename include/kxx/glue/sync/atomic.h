/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/atomic.h - <linux/atomic.h> for C++ */
#ifndef KXX_GLUE_ATOMIC_H
#define KXX_GLUE_ATOMIC_H

#include <kxx/glue/types.h>

#ifndef __cplusplus
#include <linux/atomic.h>

/* Named structs for C++: atomic_t and atomic64_t are typedefs of structs without a tag. */
struct kxx_atomic {
	atomic_t value;
};

struct kxx_atomic64 {
	atomic64_t value;
};
#endif
struct kxx_atomic;
struct kxx_atomic64;

KXX_BEGIN_DECLS
int kxx_atomic_read(const struct kxx_atomic *v);
int kxx_atomic_read_acquire(const struct kxx_atomic *v);
void kxx_atomic_set(struct kxx_atomic *v, int value);
void kxx_atomic_set_release(struct kxx_atomic *v, int value);
bool kxx_atomic_try_cmpxchg(struct kxx_atomic *v, int *old, int value);
bool kxx_atomic_try_cmpxchg_acquire(struct kxx_atomic *v, int *old, int value);
void kxx_atomic_add(struct kxx_atomic *v, int value);
void kxx_atomic_inc(struct kxx_atomic *v);
void kxx_atomic_dec(struct kxx_atomic *v);
bool kxx_atomic_dec_and_test(struct kxx_atomic *v);
int kxx_atomic_dec_return(struct kxx_atomic *v);

s64 kxx_atomic64_read(const struct kxx_atomic64 *v);
void kxx_atomic64_set(struct kxx_atomic64 *v, s64 value);
void kxx_atomic64_add(struct kxx_atomic64 *v, s64 value);
void kxx_atomic64_sub(struct kxx_atomic64 *v, s64 value);
s64 kxx_atomic64_inc_return(struct kxx_atomic64 *v);
bool kxx_atomic64_try_cmpxchg(struct kxx_atomic64 *v, s64 *old, s64 value);
KXX_END_DECLS

#endif
