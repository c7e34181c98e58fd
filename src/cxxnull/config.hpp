/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.hpp - the settings of one disk, and their rules
 */
#pragma once

#include <kxx/base/cpumask.hpp>
#include <kxx/base/err.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/base/nodemask.hpp>
#include <kxx/sync/context.hpp>

#include "params.h"

namespace cxxnull {

/**
 * Rule - treatment of a value that is not from min to max
 * @ANY: every value of the type is accepted
 * @RANGE: refused when the module loads
 * @CLAMP: changed to the nearest limit when the disk is powered on
 * @POLL_QUEUES: changed to the module's parameter poll_queues, which is the limit
 * @NODE: a node that is not online is changed to -1 (NUMA_NO_NODE)
 * @MULTIQUEUE: 1 is refused when the disk is powered on; other values are changed to 2
 * @BLOCK_SIZE: 0 is changed to 512; a value that is no power of two is refused at power on
 * @ZERO_OR: values below min, except 0, are changed to min
 * @TAGS: as in blk-mq: 0 is refused when the disk is powered on, too many become the maximum
 * @ZONES: see ZoneGeometry; refused or changed when a disk with zoned=1 is powered on
 *
 * null_blk does the same with the same value, at the same moment, but for what
 * Documentation/cxxnull_reference.rst lists.
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

/** When - when a file can be written: only while the disk is off, or always */
enum class When { WHILE_OFF, ALWAYS };

/**
 * Config - the settings of one disk; each is valid by itself after complete()
 *
 * Plain data, with the names and types of the files of configfs.
 */
struct Config {
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text)                        \
	cxxnull_##type name = static_cast<cxxnull_##type>(default);
#include "attributes.def"

	/** from - the settings in the module's parameters, after correct() */
	static Config from(const cxxnull_params &params);

	/* blocking reads as 1, as null_blk's does, but the user has not set it. */
	bool unasked_blocking = false;

	/** needs_blocking - the user has set blocking, or queue_rq takes sleeping locks */
	bool needs_blocking() const
	{
		bool asked = blocking && !unasked_blocking;

		/* The store's locks do not sleep; those of a cache, and of zones with data, do. */
		return asked || (memory_backed && (cache_size || zoned));
	}

	/**
	 * complete - corrects the settings as null_blk does when a disk is powered on
	 * @disk: its name, for the log
	 * @max_poll_queues: the module's parameter
	 *
	 * Writes a line to the log for each value that it changes. -EINVAL and a line for a
	 * value that null_blk refuses; earlier values may have been changed. Context: process.
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
 * -EINVAL and a line in the log for a value that null_blk refuses then; -ENOMEM. Context: process.
 */
kxx::Result<void> correct(cxxnull_params &params) KXX_MAY_SLEEP;

} // namespace cxxnull
