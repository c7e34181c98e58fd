/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.hpp - the settings of one disk, and the rules that correct or refuse them
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
 * Rule - treatment of a value outside [min, max]
 * @ANY: accepted: every value of the type is valid
 * @RANGE: refused when the module loads
 * @CLAMP: changed to the nearest limit when the disk is powered on
 * @POLL_QUEUES: limited to the module's parameter poll_queues
 * @NODE: a node that is not online is changed to -1 (NUMA_NO_NODE)
 * @MULTIQUEUE: 1 is refused when the disk is powered on; other values are changed to 2
 * @BLOCK_SIZE: 0 is changed to 512; refused at power on unless a power of two in [min, max]
 * @ZERO_OR: values below min, except 0, are changed to min
 * @TAGS: 0 is refused when the disk is powered on; blk-mq uses max for a value above max
 * @ZONES: refused or changed by ZoneGeometry::make() when a disk with zoned=1 is powered on
 *
 * null_blk treats the same value in the same way at the same moment.
 * Documentation/cxxnull_reference.rst lists the exceptions.
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

/** is_power_of_two - false for 0 */
constexpr bool is_power_of_two(unsigned long n)
{
	return n && !(n & (n - 1));
}

/** When - times at which a configfs file can be written */
enum class When { WHILE_OFF, ALWAYS };

/**
 * Config - the settings of one disk
 *
 * Plain data, with the names and types of the files of configfs. validate() must correct the
 * settings before a disk is created with them.
 */
struct Config {
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text)                        \
	cxxnull_##type name = static_cast<cxxnull_##type>(default);
#include "attributes.def"

	/** from - returns the settings in @params, which validate_params() has corrected */
	static Config from(const cxxnull_params &params);

	/* True if `blocking` reads as 1, as in null_blk, although the user has not set it. */
	bool unasked_blocking = false;

	/** needs_blocking - true if queue_rq may sleep: the user asked, or it takes a mutex */
	bool needs_blocking() const
	{
		bool asked = blocking && !unasked_blocking;

		/* A store takes only spinlocks. A cache, and zones with data, take mutexes. */
		return asked || (memory_backed && (cache_size || zoned));
	}

	/**
	 * validate - corrects the settings in the same order as null_add_dev()
	 * @disk: name of the disk, for the log
	 * @params: the module's parameters, which limit poll_queues and set up shared tags
	 *
	 * Logs each value that it changes, except submit_queues set by use_per_node_hctx, blocking
	 * set by memory_backed, zone_capacity set by zone_size, and the default of
	 * zone_append_max_sectors. Returns -EINVAL, and logs the reason, for a value that null_blk
	 * refuses; the settings are then as null_blk leaves them.
	 * Context: process.
	 */
	kxx::Result<void> validate(const char *disk, const cxxnull_params &params);

private:
	void validate_conf(const char *disk, unsigned int max_poll_queues);
	kxx::Result<void> validate_blocks(const char *disk);
	void validate_discard(const char *disk);
	kxx::Result<void> validate_zones(const char *disk);
};

/**
 * validate_params - corrects the module's parameters as null_blk does when it loads
 *
 * Returns -EINVAL, and logs the reason, for a value that null_blk refuses then; or -ENOMEM.
 * Context: process, may sleep.
 */
kxx::Result<void> validate_params(cxxnull_params &params) KXX_MAY_SLEEP;

} // namespace cxxnull
