/* SPDX-License-Identifier: GPL-2.0 */
/*
 * workqueue.hpp - workqueues: call a function later, in process context
 * Wraps <linux/workqueue.h>. Glue: glue/sync/workqueue.h
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/sync/workqueue.h>
#include <kxx/base/layout.hpp>
#include <kxx/sync/lock.hpp>
#include <kxx/base/type_name.hpp>

KXX_LAYOUT(work_struct);

namespace kxx {

/**
 * Workqueue - Owns a workqueue
 *
 * Makes progress when memory is short (WQ_MEM_RECLAIM), so memory reclaim may wait for its
 * work items. Its work items may use the CPU for long (WQ_CPU_INTENSIVE) without delaying
 * those of other workqueues. All Work queued on it must be cancelled or finished before it is
 * destroyed. Never empty, except after a move. Context: process, may sleep.
 *
 *     Workqueue wq = KXX_TRY(Workqueue::make("store"));
 *     work_.queue_work(wq);
 */
class [[nodiscard]] Workqueue {
public:
	/** make - alloc_workqueue(): @name is copied; -ENOMEM */
	static Result<Workqueue> make(const char *name) KXX_MAY_SLEEP
	{
		struct workqueue_struct *wq = kxx_alloc_workqueue(name);

		if (!wq)
			return ENOMEM;
		return Workqueue(wq);
	}

	Workqueue(Workqueue &&other) : wq_(std::exchange(other.wq_, nullptr)) {}
	Workqueue &operator=(Workqueue &&) = delete;
	Workqueue(const Workqueue &) = delete;
	Workqueue &operator=(const Workqueue &) = delete;
	~Workqueue() KXX_MAY_SLEEP
	{
		if (wq_)
			::destroy_workqueue(wq_);
	}

private:
	template <typename T> friend class Work;

	explicit Workqueue(struct workqueue_struct *wq) : wq_(wq) {}

	struct workqueue_struct *wq_;
};

/**
 * Work - struct work_struct
 * @T: the class that contains this Work; its method work() is called
 *
 * Cannot be moved. Declare it as the last member: it is then destroyed first, and work() no longer
 * runs when the other members are destroyed. Such a member may still call queue_work(), as the
 * handler of an HrTimer does: it has no effect. Not for a local variable: DEBUG_OBJECTS_WORK warns
 * about a work item on the stack. work() is not const, since the object may have only one user,
 * such as a request's Pdu. If several threads use the object, put shared data in a lock or an
 * Atomic: the compiler does not detect a race, only KCSAN does. work() runs in one thread at a
 * time; if it is queued again while it runs, it runs once more. Context: queue_work(): any except
 * NMI; T::work(), cancel() and destructor: process, may sleep.
 *
 *     struct Store { void work() KXX_MAY_SLEEP; Work<Store> work_{ *this }; };
 */
template <typename T> class Work {
public:
	/** Work - INIT_WORK(); @object must outlive this */
	explicit Work(T &object) : object_(&object)
	{
		kxx_init_work(work_.get(), run, type_name<Work>(), detail::lock_class<Work>.get());
	}
	/**
	 * ~Work - disable_work_sync(): does the same as cancel(), and disables queue_work()
	 *
	 * Waits for work(), so work() must not destroy the object of this Work.
	 */
	~Work() KXX_MAY_SLEEP { kxx_disable_work_sync(work_.get()); }
	Work(const Work &) = delete;
	Work &operator=(const Work &) = delete;

	/** queue_work - queue_work(): returns false if it is queued already, or was destroyed */
	bool queue_work(const Workqueue &wq) const { return kxx_queue_work(wq.wq_, work_.get()); }
	/** cancel - cancel_work_sync(): waits for work(); true if a queued one was removed */
	bool cancel() const KXX_MAY_SLEEP { return ::cancel_work_sync(work_.get()); }

private:
	static void run(struct work_struct *work) KXX_MAY_SLEEP
	{
		// SAFETY: the workqueue passes the work_struct that queue_work() queued. work_
		// is the first member of a standard-layout class, so both have the same address.
		auto *self = reinterpret_cast<Work *>(work);

		static_assert(__is_standard_layout(Work));
		self->object_->work();
	}

	mutable Opaque<work_struct> work_;
	T *object_;
};

} // namespace kxx
