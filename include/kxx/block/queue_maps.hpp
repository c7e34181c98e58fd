/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue_maps.hpp - how many hardware queues there are, and which CPU uses which
 * Part of blk-mq.hpp.
 */
#pragma once

#include <kxx/glue/block/blk-mq.h>
#include <kxx/block/hctx.hpp>

namespace kxx {

/** QueueCounts - the number of hardware queues of each type; at least one in all */
struct QueueCounts {
	unsigned int default_queues = 1; /* from 1: what has no queue of its own type goes here */
	unsigned int read_queues = 0;
	unsigned int poll_queues = 0; /* for a driver with poll() */

	unsigned int all() const { return default_queues + read_queues + poll_queues; }
	/** nr_maps - number of maps that the types in use need */
	unsigned int nr_maps() const { return poll_queues ? 3 : read_queues ? 2 : 1; }
};

/**
 * QueueMaps - which CPU uses which hardware queue; for a driver's map_queues()
 *
 * Valid until the callback returns. Context: process.
 */
class QueueMaps {
public:
	explicit QueueMaps(struct blk_mq_tag_set *set) : set_(set) {}
	QueueMaps(const QueueMaps &) = delete;
	QueueMaps &operator=(const QueueMaps &) = delete;

	/** nr_hw_queues - number of hardware queues of all types */
	unsigned int nr_hw_queues() const { return kxx_blk_mq_nr_hw_queues(set_); }

	/**
	 * map - blk_mq_map_queues(): spreads all CPUs over the @nr_queues hardware queues
	 * that begin with number @first, for requests of @type
	 */
	void map(HctxType type, unsigned int nr_queues, unsigned int first)
	{
		kxx_blk_mq_map_queues(set_, static_cast<unsigned int>(type), nr_queues, first);
	}

private:
	struct blk_mq_tag_set *set_;
};

} // namespace kxx
