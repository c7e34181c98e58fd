/* SPDX-License-Identifier: GPL-2.0 */
/*
 * workqueue.hpp - a call that is made later, where it may sleep
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
 * Workqueue - owns a workqueue of one's own
 *
 * It goes on when memory is short (WQ_MEM_RECLAIM), so writing memory out may depend on
 * it, and its works may take long (WQ_CPU_INTENSIVE). A work that waits holds up no work
 * of another workqueue. All works that are queued on it must be gone before it goes.
 * Never empty, except after a move. Context: process, may sleep.
 *
 *     Workqueue wq = KXX_TRY(Workqueue::make("store"));
 *     work_.queue_work(wq);
 */
class [[nodiscard]] Workqueue {
public:
	/** make - alloc_workqueue(); @name is copied; -ENOMEM */
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
 * @T: the class that it is a part of, with a method work()
 *
 * Pinned. The object is not const in work(), since it may be one owner's alone, as a request's
 * Pdu is. If others use it meanwhile, what both touch is in a lock or is an Atomic; nobody
 * refuses the race, KCSAN reports it. work() runs in one thread at a time; queued again while
 * it runs, it runs once more. Context: queue_work(): any except NMI; T::work(), cancel() and the
 * destructor: process, may sleep.
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

	/** queue_work - queue_work(): false if that was done, and work() has not begun */
	bool queue_work(Workqueue &wq) const { return kxx_queue_work(wq.wq_, work_.get()); }
	/** cancel - cancel_work_sync(): work() does not run, nor will; true if it would have */
	bool cancel() const KXX_MAY_SLEEP { return ::cancel_work_sync(work_.get()); }

private:
	static void run(struct work_struct *work) KXX_MAY_SLEEP
	{
		// SAFETY: only this class schedules work_, which is the first member of a
		// standard-layout class: both have one address.
		auto *self = reinterpret_cast<Work *>(work);

		static_assert(__is_standard_layout(Work));
		self->object_->work();
	}

	mutable Opaque<work_struct> work_;
	T *object_;
};

} // namespace kxx
