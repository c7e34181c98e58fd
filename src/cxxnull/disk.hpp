/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk.hpp - one null block device, as blk-mq sees it
 */
#pragma once

#include <optional>

#include <kxx/blk-mq.hpp>
#include <kxx/blkdev.hpp>
#include <kxx/device/device.hpp>
#include <kxx/err.hpp>
#include <kxx/hrtimer.hpp>
#include <kxx/slab.hpp>

#include "params.h"
#include "store.hpp"

namespace cxxnull {

/** IrqMode - how a request completes; null_blk's irqmode */
enum class IrqMode { NONE, SOFTIRQ, TIMER };

/**
 * Disk - the queuedata of one disk
 *
 * Owns the disk's contents, if it is memory-backed. Context: see each callback.
 */
class Disk {
public:
	using Request = kxx::Request<Disk>;
	using OwnedRequest = kxx::Owned<Request>;

	struct Pdu {
		kxx::BlkStatus status = kxx::BlkStatus::OK;
		kxx::HrTimer<OwnedRequest, Disk> timer;
	};

	/** add - makes the disk cxxnullb@index of the device @parent, and shows it to user space */
	static kxx::Result<kxx::Box<kxx::GenDisk<Disk>>>
	add(kxx::Device &parent, unsigned int index, const cxxnull_params &params) KXX_MAY_SLEEP;

	Disk(const cxxnull_params &params, std::optional<kxx::Box<Store>> store)
		: irqmode_(static_cast<IrqMode>(params.irqmode)),
		  completion_nsec_(params.completion_nsec), store_(std::move(store))
	{
	}
	Disk(const Disk &) = delete;
	Disk &operator=(const Disk &) = delete;

	/**
	 * queue_rq - does the work at once; when it completes is irqmode's to say
	 * Context: process, may sleep, for a disk with a store; else as blk-mq calls it.
	 */
	kxx::QueueStatus queue_rq(OwnedRequest rq) KXX_MAY_SLEEP;

	/** complete - ends what queue_rq completed. Context: softirq, or queue_rq's */
	void complete(OwnedRequest rq);

	/** timer_expired - ends what queue_rq gave to the timer. Context: hard interrupt; a thread on PREEMPT_RT */
	static void timer_expired(OwnedRequest rq);

private:
	/* Out of line, for queue_rq to need no stack where there is nothing to transfer. */
	[[gnu::noinline]] kxx::Result<void> transfer(Store &store, Request &rq) KXX_MAY_SLEEP;

	IrqMode irqmode_;
	u64 completion_nsec_;
	std::optional<kxx::Box<Store>> store_;
};

} // namespace cxxnull
