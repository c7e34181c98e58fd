// SPDX-License-Identifier: GPL-2.0
#include <kxx/glue/sync/atomic.h>

__always_inline int kxx_atomic_read(const struct kxx_atomic *v)
{
	return atomic_read(&v->value);
}

__always_inline int kxx_atomic_read_acquire(const struct kxx_atomic *v)
{
	return atomic_read_acquire(&v->value);
}

__always_inline void kxx_atomic_set(struct kxx_atomic *v, int value)
{
	atomic_set(&v->value, value);
}

__always_inline void kxx_atomic_set_release(struct kxx_atomic *v, int value)
{
	atomic_set_release(&v->value, value);
}

__always_inline bool kxx_atomic_try_cmpxchg(struct kxx_atomic *v, int *old, int value)
{
	return atomic_try_cmpxchg(&v->value, old, value);
}

__always_inline bool kxx_atomic_try_cmpxchg_acquire(struct kxx_atomic *v, int *old, int value)
{
	return atomic_try_cmpxchg_acquire(&v->value, old, value);
}

__always_inline void kxx_atomic_add(struct kxx_atomic *v, int value)
{
	atomic_add(value, &v->value);
}

__always_inline void kxx_atomic_inc(struct kxx_atomic *v)
{
	atomic_inc(&v->value);
}

__always_inline void kxx_atomic_dec(struct kxx_atomic *v)
{
	atomic_dec(&v->value);
}

__always_inline bool kxx_atomic_dec_and_test(struct kxx_atomic *v)
{
	return atomic_dec_and_test(&v->value);
}

__always_inline int kxx_atomic_dec_return(struct kxx_atomic *v)
{
	return atomic_dec_return(&v->value);
}

__always_inline s64 kxx_atomic64_read(const struct kxx_atomic64 *v)
{
	return atomic64_read(&v->value);
}

__always_inline void kxx_atomic64_set(struct kxx_atomic64 *v, s64 value)
{
	atomic64_set(&v->value, value);
}

__always_inline void kxx_atomic64_add(struct kxx_atomic64 *v, s64 value)
{
	atomic64_add(value, &v->value);
}

__always_inline void kxx_atomic64_sub(struct kxx_atomic64 *v, s64 value)
{
	atomic64_sub(value, &v->value);
}

__always_inline s64 kxx_atomic64_inc_return(struct kxx_atomic64 *v)
{
	return atomic64_inc_return(&v->value);
}

__always_inline bool kxx_atomic64_try_cmpxchg(struct kxx_atomic64 *v, s64 *old, s64 value)
{
	return atomic64_try_cmpxchg(&v->value, old, value);
}
