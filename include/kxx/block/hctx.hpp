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
 * Hctx - struct blk_mq_hw_ctx, a hardware queue, borrowed
 *
 * Good as long as the driver has a request of it, or the disk does not go.
 * Context: any except NMI.
 */
template <typename Driver> class Hctx {
public:
	/**
	 * tag_to_rq - blk_mq_tag_to_rq(): the request with that tag, as one more user
	 *
	 * Nothing for a tag that is out of range, or whose request the driver has not
	 * got, or has not shared: whatever a device says, this reaches no request of
	 * the block layer's, and none that somebody owns. A tag that was used again
	 * is the new request's.
	 */
	[[nodiscard]] std::optional<ARef<Request<Driver>>> tag_to_rq(unsigned int tag) const
	{
		struct request *rq = kxx_blk_mq_get_tag_to_rq(hctx_, tag);

		if (!rq)
			return std::nullopt;

		auto found = ARef<Request<Driver>>::try_get(rq);

		/* Looked at in vain, it may have been another queue's, or tag's. */
		if (found && !kxx_rq_has_tag(rq, hctx_, tag))
			found.reset();
		kxx_blk_mq_put_tags(hctx_);
		return found;
	}

	/** queuedata - the driver's object of the disk */
	const Driver &queuedata() const
	{
		// SAFETY: GenDisk<Driver> made the queue with a Driver as queuedata,
		// which outlives its hardware queues.
		return *static_cast<const Driver *>(kxx_blk_mq_hctx_queuedata(hctx_));
	}

	/** data - the Driver::HctxData of this queue, built before init_hctx() */
	auto &data() const
		requires requires { typename Driver::HctxData; }
	{
		// SAFETY: TagSet<Driver> put one there in init_hctx, and takes it away
		// in exit_hctx.
		return *static_cast<typename Driver::HctxData *>(
			kxx_blk_mq_hctx_driver_data(hctx_));
	}

	/** queue_num - which of the tag set's hardware queues this is, from 0 */
	unsigned int queue_num() const { return kxx_blk_mq_hctx_queue_num(hctx_); }
	/** type - which of the queue maps it belongs to */
	HctxType type() const { return static_cast<HctxType>(kxx_blk_mq_hctx_type(hctx_)); }

private:
	template <typename D> friend class Request;
	template <typename D> friend class TagSet;

	explicit Hctx(struct blk_mq_hw_ctx *hctx) : hctx_(hctx) {}

	struct blk_mq_hw_ctx *hctx_;
};

} // namespace kxx
