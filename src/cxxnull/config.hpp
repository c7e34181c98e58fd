/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.hpp - what one disk is to be, and what values that can have
 */
#pragma once

#include <kxx/base/cpumask.hpp>
#include <kxx/base/err.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/base/nodemask.hpp>

#include "params.h"
#include "zones.hpp"

namespace cxxnull {

/**
 * Rule - what becomes of a value that is not from min to max
 * @ANY: every value of the type is good
 * @RANGE: refused when the module loads; a bool has no other
 * @CLAMP: the nearest limit, when the disk is switched on
 * @POLL_QUEUES: the module's parameter poll_queues, which is the limit
 * @NODE: -1 (NUMA_NO_NODE), for a node that is not online
 * @MULTIQUEUE: 1 is refused when the disk is switched on; 2 for all else
 * @BLOCK_SIZE: 512 for 0; what is no power of two is refused when the disk is switched on
 * @ZERO_OR: min, for all below it except 0
 * @TAGS: as in blk-mq: 0 is refused when the disk is switched on, too many become the maximum
 * @ZONES: see ZoneGeometry; refused or changed when a disk with zoned=1 is switched on
 *
 * All of it is what null_blk does with the same value, at the same moment.
 */
enum class Rule {
	ANY,
	RANGE,
	CLAMP,
	POLL_QUEUES,
	NODE,
	MULTIQUEUE,
	BLOCK_SIZE,
	ZERO_OR,
	TAGS,
	ZONES
};

/** When - whether a file can be written while the disk is on */
enum class When { WHILE_OFF, ALWAYS };

/**
 * Config - what is said about one disk; each value is good by itself after complete()
 *
 * Plain data, named and typed as the files of configfs are.
 */
struct Config {
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text)  \
	cxxnull_##type name = static_cast<cxxnull_##type>(default);
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text)                        \
	cxxnull_##type name = default;
#include "attributes.def"

	/** from - what the module's parameters say of every disk; correct() has seen them */
	static Config from(const cxxnull_params &params);

	/* blocking is set, for it to read as null_blk's does, but nobody has asked for it. */
	bool unasked_blocking = false;

	/** needs_blocking - BLK_MQ_F_BLOCKING: it is asked for, or queue_rq takes locks that sleep */
	bool needs_blocking() const
	{
		bool asked = blocking && !unasked_blocking;

		/* The store's do not; those of a cache, and of zones that have data, do. */
		return asked || (memory_backed && (cache_size || zoned));
	}

	/** zone_parameters - what it says about zones */
	ZoneParameters zone_parameters() const;

	/**
	 * complete - corrects values as null_blk does when a disk is switched on
	 * @disk: its name, for the log
	 * @max_poll_queues: the module's parameter
	 *
	 * Writes a line to the log for each value that it changes. -EINVAL and a line for a
	 * value that null_blk refuses; values before it may have been changed. Context: process.
	 */
	kxx::Result<void> complete(const char *disk, unsigned int max_poll_queues);

private:
	void complete_queues(const char *disk, unsigned int max_poll_queues);
	kxx::Result<void> complete_limits(const char *disk);
	kxx::Result<void> complete_zones(const char *disk);
};

/**
 * correct - corrects the module's parameters as null_blk does when it loads
 *
 * -EINVAL and a line in the log for what null_blk refuses then. Context: process.
 */
kxx::Result<void> correct(cxxnull_params &params);

} // namespace cxxnull
