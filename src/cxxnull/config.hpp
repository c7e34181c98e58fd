/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.hpp - what one disk is to be, and what values that can have
 */
#pragma once

#include <kxx/cpumask.hpp>
#include <kxx/err.hpp>
#include <kxx/layout.hpp>
#include <kxx/nodemask.hpp>

#include "params.h"

namespace cxxnull {

/**
 * Rule - which values are good
 * @RANGE: all from min to max
 * @POWER_OF_TWO: the powers of two among them
 * @ZERO_OR: 0, and all from min to max
 * @NODE: all; Config::complete() takes a node that is not online for -1 (NUMA_NO_NODE)
 * @MULTIQUEUE: what queue_mode can still be
 */
enum class Rule { RANGE, POWER_OF_TWO, ZERO_OR, NODE, MULTIQUEUE };

/** When - whether a file can be written while the disk is on */
enum class When { WHILE_OFF, ALWAYS };

/** Limits - of one value */
struct Limits {
	Rule rule;
	long long min, max;

	/**
	 * check - whether @value is good for what is called @name
	 *
	 * If not, a line in the log that names @name, @value and the limits, and -EINVAL.
	 * @disk: of whom, or NULL. Context: process.
	 */
	kxx::Result<void> check(const char *disk, const char *name, long long value) const;
};

/**
 * Config - what is said about one disk, each value good by itself
 *
 * Plain data, named and typed as the files of configfs are.
 */
struct Config {
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text)  \
	cxxnull_##type name = static_cast<cxxnull_##type>(default);
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text)                        \
	cxxnull_##type name = default;
#include "attributes.def"

	/** from - what the module's parameters say of every disk; validate() has seen them */
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

	/**
	 * complete - makes what depends on others as they want it, as null_blk does
	 *
	 * And says so, of what is ignored. Last, before a disk is made of it. @disk: whose.
	 */
	void complete(const char *disk);
};

/** validate - the module's parameters: -EINVAL, and a line in the log */
kxx::Result<void> validate(const cxxnull_params &params);

} // namespace cxxnull
