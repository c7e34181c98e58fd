/* SPDX-License-Identifier: GPL-2.0 */
/*
 * workqueue.hpp - a call that is made later, where it may sleep
 * Wraps <linux/workqueue.h>. Glue: glue/workqueue.h
 */
#pragma once

#include <kxx/annotations.hpp>
#include <kxx/context.hpp>
#include <kxx/glue/workqueue.h>
#include <kxx/layout.hpp>
#include <kxx/lock.hpp>
#include <kxx/type_name.hpp>

KXX_LAYOUT(work_struct);

namespace kxx {

/**
 * Work - struct work_struct, for kblockd: the block layer's workqueue
 * @T: the class that it is a part of, with a method work()
 *
 * kblockd goes on when memory is short (WQ_MEM_RECLAIM), so writing memory out may
 * depend on it. Pinned. work() runs in one thread at a time; scheduled again while it
 * runs, it runs once more. Context: schedule(): any but NMI; T::work(), cancel() and
 * the destructor: process, may sleep.
 *
 *     class Store { void work() KXX_MAY_SLEEP; Work<Store> work_{ *this }; };
 */
template <typename T> class Work {
public:
	/** Work - INIT_WORK(); @object outlives this */
	explicit Work(T &object) : object_(&object)
	{
		kxx_init_work(work_.get(), run, type_name<Work>(), detail::lock_class<Work>.get());
	}
	/** ~Work - as cancel() */
	~Work() KXX_MAY_SLEEP { cancel(); }
	Work(const Work &) = delete;
	Work &operator=(const Work &) = delete;

	/** schedule - kblockd_schedule_work(): false if that was done, and work() has not begun */
	bool schedule() { return kxx_kblockd_schedule_work(work_.get()); }
	/** cancel - cancel_work_sync(): work() does not run, nor will; true if it would have */
	bool cancel() KXX_MAY_SLEEP { return kxx_cancel_work_sync(work_.get()); }

private:
	static void run(struct work_struct *work) KXX_MAY_SLEEP
	{
		// SAFETY: only this class schedules work_, which is the first member of a
		// standard-layout class: both have one address.
		auto *self = reinterpret_cast<Work *>(work);

		static_assert(__is_standard_layout(Work));
		self->object_->work();
	}

	Opaque<work_struct> work_;
	T *object_;
};

} // namespace kxx
