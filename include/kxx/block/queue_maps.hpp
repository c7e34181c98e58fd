/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue_maps.hpp - numbers of hardware queues, and which CPUs use them
 * Part of blk-mq.hpp.
 */
#pragma once

#include <kxx/base/printk.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/block/hctx.hpp>

namespace kxx {

/** QueueCounts - The number of hardware queues of each type */
struct QueueCounts {
	unsigned int default_queues = 1; /* at least 1; used by types without own queues */
	unsigned int read_queues = 0;
	unsigned int poll_queues = 0; /* only if the driver has poll() */

	u64 all() const { return u64{ default_queues } + read_queues + poll_queues; }
	/** nr_maps - Returns the number of queue maps that the tag set needs for these types */
	unsigned int nr_maps() const { return poll_queues ? 3 : read_queues ? 2 : 1; }
};

/**
 * QueueMaps - The assignment of CPUs to hardware queues, for a driver's map_queues()
 *
 * Valid until the callback returns. Context: process.
 */
class QueueMaps {
public:
	explicit QueueMaps(struct blk_mq_tag_set *set) : set_(set) {}
	QueueMaps(const QueueMaps &) = delete;
	QueueMaps &operator=(const QueueMaps &) = delete;

	/** nr_hw_queues - Returns the number of hardware queues of all types */
	unsigned int nr_hw_queues() const { return kxx_blk_mq_nr_hw_queues(set_); }

	/**
	 * map - blk_mq_map_queues(): assigns the CPUs to the @nr_queues hardware queues that begin
	 * with number @first, for requests of @type
	 *
	 * Warns and does nothing if the tag set has no queues of @type or fewer than @first +
	 * @nr_queues, or if @nr_queues is 0 for the default type, which every request may need. A
	 * CPU that is not assigned uses hardware queue 0.
	 */
	void map(HctxType type, unsigned int nr_queues, unsigned int first)
	{
		auto index = static_cast<unsigned int>(type);

		if (index < kxx_blk_mq_nr_maps(set_) && (nr_queues || type != HctxType::DEFAULT) &&
		    u64{ first } + nr_queues <= nr_hw_queues()) {
			kxx_blk_mq_map_queues(set_, index, nr_queues, first);
			return;
		}
		kxx_warn(
			"kxx: BUG: QueueMaps::map(): %u queues of type %u from number %u on, of %u "
			"queues and %u types\n",
			nr_queues, index, first, nr_hw_queues(), kxx_blk_mq_nr_maps(set_));
	}

private:
	struct blk_mq_tag_set *set_;
};

} // namespace kxx
