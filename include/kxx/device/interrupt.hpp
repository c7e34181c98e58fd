/* SPDX-License-Identifier: GPL-2.0 */
/*
 * interrupt.hpp - a hard interrupt handler
 * Wraps <linux/interrupt.h>. Glue: glue/device/interrupt.h
 */
#pragma once

#include <kxx/base/err.hpp>
#include <kxx/glue/device/interrupt.h>
#include <kxx/sync/irqflags.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/mm/slab.hpp>

namespace kxx {

/** IrqReturn - irqreturn_t: was the interrupt from the device? */
enum class IrqReturn : unsigned int {
	NONE = KXX_IRQ_NONE,
	HANDLED = KXX_IRQ_HANDLED,
};

/**
 * Irq - A handler of an interrupt line, from request_irq() to free_irq()
 * @Handler: a class with IrqReturn handle_irq(const irq::Disabled &) const. It is const, since
 *           other code may use the object at the same time: the handler may change only an
 *           Atomic or data in a raw lock. The compilers accept a `mutable` member and the object
 *           of a Box without a lock; only KCSAN reports the race
 *
 * Borrows the Handler and the name, which must outlive it. The line is not shared. The handler is
 * not threaded (IRQF_NO_THREAD), so it runs with interrupts off on PREEMPT_RT too. There it must
 * take only raw locks, and must not wake a WaitQueueHead.
 *
 * Context of request() and the destructor: process, may sleep. The destructor waits for a
 * running handler.
 *
 *     auto irq = KXX_TRY(Irq<Disk>::request(line, "disk", disk));
 */
template <typename Handler> class Irq {
	struct Private {};

public:
	/** request - request_irq(); -EINVAL, -EBUSY or -ENOMEM */
	static Result<Box<Irq>> request(unsigned int line, const char *name KXX_LIFETIMEBOUND,
					const Handler &handler KXX_LIFETIMEBOUND) KXX_MAY_SLEEP
	{
		auto irq = KXX_TRY(Box<Irq>::make(GFP_KERNEL, Private{}, line, handler));
		int err = kxx_request_irq(line, handle, name, irq.as_raw());

		if (err)
			return Errno::from_errno(err);
		irq->requested_ = true;
		return irq;
	}

	Irq(Private, unsigned int line, const Handler &handler) : line_(line), handler_(handler) {}
	Irq(const Irq &) = delete;
	Irq &operator=(const Irq &) = delete;
	~Irq() KXX_MAY_SLEEP
	{
		if (requested_)
			::free_irq(line_, this);
	}

private:
	static enum irqreturn handle(int, void *dev_id)
	{
		// SAFETY: request() passed an Irq as dev_id, which exists until ~Irq(). There,
		// free_irq() waits for running handlers.
		auto *self = static_cast<Irq *>(dev_id);

		/* A cast alone would also accept a bool or an errno. */
		IrqReturn result = self->handler_.handle_irq(irq::Disabled());

		return static_cast<enum irqreturn>(result);
	}

	unsigned int line_;
	const Handler &handler_;
	bool requested_ = false;
};

} // namespace kxx
