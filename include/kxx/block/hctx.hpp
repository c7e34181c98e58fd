/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hctx.hpp - a hardware queue
 * Part of blk-mq.hpp.
 */
#pragma once

#include <optional>

#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/ownership.hpp>

namespace kxx {

template <typename Driver> class Request;

/** HctxType - enum hctx_type: the type of a hardware queue */
enum class HctxType : unsigned int {
	DEFAULT = KXX_HCTX_TYPE_DEFAULT,
	READ = KXX_HCTX_TYPE_READ,
	POLL = KXX_HCTX_TYPE_POLL,
};

/**
 * Hctx - struct blk_mq_hw_ctx: a hardware queue, borrowed
 *
 * Valid while the driver owns a request of this hardware queue, and from init_hctx() until
 * exit_hctx() returns. TagSet::update_nr_hw_queues() calls exit_hctx() for every hardware queue: a
 * driver that keeps an Hctx must drop it there. Context: any except NMI.
 */
template <typename Driver> class Hctx {
public:
	/**
	 * tag_to_rq - blk_mq_tag_to_rq(): returns a reference to the request with @tag
	 *
	 * Returns nothing if @tag is out of range, or if no ARef of the request exists now
	 * (Owned<Request>::share()). So a wrong tag from a device never yields a request that
	 * belongs to the block layer or that has a single owner. If the tag was reused, the new
	 * request is returned. A hardware queue that no CPU uses, or that was removed, has no
	 * requests. Takes a spinlock_t, before 6.18 always and since then if a freeze waits for
	 * this call: so the context is any except hardirq on PREEMPT_RT.
	 */
	[[nodiscard]] std::optional<ARef<Request<Driver>>> tag_to_rq(unsigned int tag) const
	{
		if (!kxx_blk_mq_tryget_tags(hctx_))
			return std::nullopt;

		/* @tag may lead to a request of another disk of the tag set: do not let it be freed. */
		unsigned long state = kxx_blk_mq_lock_rqs(hctx_);
		struct request *rq = kxx_blk_mq_tag_to_rq(hctx_, tag);
		auto found = rq ? ARef<Request<Driver>>::try_get(rq) : std::nullopt;

		kxx_blk_mq_unlock_rqs(hctx_, state);

		/* The request may have been reused for another tag before try_get(). */
		if (found && !kxx_rq_has_tag(rq, hctx_, tag))
			found.reset();
		kxx_blk_mq_put_tags(hctx_);
		return found;
	}

	/** queuedata - Returns the driver's object of the disk */
	const Driver &queuedata() const
	{
		// SAFETY: GenDisk<Driver> made the queue with a Driver as queuedata, and destroys
		// the Driver after the hardware queues.
		return *static_cast<const Driver *>(kxx_blk_mq_hctx_queuedata(hctx_));
	}

	/**
	 * data - Returns this queue's Driver::HctxData, which exists from before init_hctx() until
	 * exit_hctx() has returned
	 *
	 * It is const, as the driver is, since several CPUs may use one hardware queue at once.
	 */
	const auto &data() const
		requires requires { typename Driver::HctxData; }
	{
		// SAFETY: TagSet<Driver> sets the driver data in init_hctx, and clears it in
		// exit_hctx.
		return *static_cast<const typename Driver::HctxData *>(
			kxx_blk_mq_hctx_driver_data(hctx_));
	}

	/** queue_num - Returns the number of this hardware queue in the tag set, from 0 */
	unsigned int queue_num() const { return kxx_blk_mq_hctx_queue_num(hctx_); }
	/** type - Returns the type of requests for which the queue is used */
	HctxType type() const { return static_cast<HctxType>(kxx_blk_mq_hctx_type(hctx_)); }

private:
	template <typename D> friend class Request;
	template <typename D> friend class TagSet;

	explicit Hctx(struct blk_mq_hw_ctx *hctx) : hctx_(hctx) {}

	struct blk_mq_hw_ctx *hctx_;
};

} // namespace kxx
