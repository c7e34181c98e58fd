// SPDX-License-Identifier: GPL-2.0
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/printk.hpp>

#include "config.hpp"
#include "debug_features.hpp"
#include "zones.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

/* Values of queue_mode, as in null_blk. */
enum { BIO_MODE, LEGACY_MODE, MULTIQUEUE_MODE };

/* NUMA_NO_NODE (-1), which the file home_node shows as an unsigned int. */
constexpr unsigned int no_node = ~0u;

/* Returns @value clamped to [@min, @max]. Logs a line if that changes the value. */
template <typename T> T clamped(const char *disk, const char *name, T value, u64 min, u64 max)
{
	u64 wanted = value;
	u64 nearest = wanted < min ? min : wanted > max ? max : wanted;

	if (nearest != wanted)
		pr_info("%s: %s=%llu: changed to %llu\n", disk, name, wanted, nearest);
	return static_cast<T>(nearest);
}

Result<void> check_range(const char *name, u64 value, u64 max)
{
	if (value <= max)
		return {};
	pr_err("%s=%llu: must be a number from 0 to %llu\n", name, value, max);
	return EINVAL;
}

void validate_submit_queues(cxxnull_params &params)
{
	int wanted = params.submit_queues;
	/* Compare as null_blk does, as unsigned numbers: a negative value exceeds the limit. */
	auto unsigned_wanted = static_cast<unsigned int>(wanted);

	if (params.use_per_node_hctx)
		params.submit_queues = static_cast<int>(nr_online_nodes());
	else if (unsigned_wanted > nr_cpu_ids())
		params.submit_queues = static_cast<int>(nr_cpu_ids());
	else if (!wanted)
		params.submit_queues = 1;
	if (params.submit_queues != wanted)
		pr_info("submit_queues=%d: changed to %d\n", wanted, params.submit_queues);
}

} // namespace

Result<void> validate_params(cxxnull_params &params)
{
	constexpr unsigned int page_size = KXX_PAGE_SIZE;

#define CXXNULL_PARAM(name, type, default, rule, min, max, unit, text)                             \
	if constexpr (Rule::rule == Rule::RANGE)                                                   \
		KXX_TRY(check_range(#name, params.name, max));
#include "attributes.def"
	if (static_cast<unsigned int>(params.bs) > page_size) {
		pr_warn("bs=%d: changed to %u, the page size\n", params.bs, page_size);
		params.bs = page_size;
	}
	if (params.home_node != -1 && !node_online(static_cast<unsigned int>(params.home_node))) {
		pr_warn("home_node=%d is not online: changed to -1, any node\n", params.home_node);
		params.home_node = -1;
	}
	/* Refuse bad fault injection parameters even if no disk is created with them. */
	auto checked = KXX_TRY(DebugFeatures::make(params));

	if (params.queue_mode == LEGACY_MODE) {
		pr_err("queue_mode=1: the legacy I/O path is no longer there\n");
		return EINVAL;
	}
	validate_submit_queues(params);
	return {};
}

Config Config::from(const cxxnull_params &params)
{
	Config config;

#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text)  \
	config.name = static_cast<cxxnull_##type>(params.param);
#include "attributes.def"
	/* Convert to int, as null_blk does: a negative gb then gives the largest disk. */
	config.size = static_cast<unsigned long>(
		static_cast<int>(static_cast<unsigned int>(params.gb) << 10));
	return config;
}

/* Corrects what null_validate_conf() corrects. */
void Config::validate_conf(const char *disk, unsigned int max_poll_queues)
{
	if (queue_mode != MULTIQUEUE_MODE) {
		pr_info("%s: queue_mode=%u: changed to 2, multiqueue\n", disk, queue_mode);
		queue_mode = MULTIQUEUE_MODE;
	}
	if (use_per_node_hctx)
		submit_queues = nr_online_nodes();
	poll_queues = clamped(disk, "poll_queues", poll_queues, 0, max_poll_queues);
	if (home_node != no_node && !node_online(home_node)) {
		pr_info("%s: home_node=%u is not online: changed to -1, any node\n", disk,
			home_node);
		home_node = no_node;
	}
	/* Show blocking=1 as in null_blk, whose memory backing sleeps. A Store does not sleep. */
	if (memory_backed && !blocking)
		blocking = unasked_blocking = true;
	if (cache_size && !memory_backed) {
		pr_info("%s: cache_size is ignored without memory_backed\n", disk);
		cache_size = 0;
	}
// NOLINTBEGIN(bugprone-macro-parentheses): the name of a member.
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text)                        \
	if constexpr (Rule::rule == Rule::CLAMP)                                                   \
		name = clamped(disk, #name, name, static_cast<u64>(min), static_cast<u64>(max));
#include "attributes.def"
	// NOLINTEND(bugprone-macro-parentheses)
}

Result<void> Config::validate_blocks(const char *disk)
{
	constexpr unsigned int page_sectors = KXX_PAGE_SIZE >> KXX_SECTOR_SHIFT;

	if (!blocksize)
		blocksize = clamped(disk, "blocksize", blocksize, 1 << KXX_SECTOR_SHIFT, ~0u);
	if (!is_power_of_two(blocksize) || blocksize < 1 << KXX_SECTOR_SHIFT ||
	    blocksize > KXX_BLK_MAX_BLOCK_SIZE) {
		pr_err("%s: blocksize=%u: must be a power of two from 512 to %u\n", disk, blocksize,
		       static_cast<unsigned int>(KXX_BLK_MAX_BLOCK_SIZE));
		return EINVAL;
	}
	if (max_sectors)
		max_sectors = clamped(disk, "max_sectors", max_sectors, page_sectors, ~0u);
	return {};
}

void Config::validate_discard(const char *disk)
{
	if (discard && !memory_backed) {
		pr_info("%s: discard is ignored without memory_backed\n", disk);
		discard = false;
	} else if (discard && zoned) {
		pr_info("%s: discard is ignored with zoned\n", disk);
		discard = false;
	}
}

Result<void> Config::validate_zones(const char *disk)
{
	if (!zoned)
		return {};

	auto geometry = KXX_TRY(ZoneGeometry::make(*this));

	if (!zone_capacity)
		zone_capacity = zone_size;
	/* ZoneGeometry::make() has already logged each change of these three values. */
	zone_nr_conv = geometry.nr_conv;
	zone_max_open = geometry.max_open;
	zone_max_active = geometry.max_active;
	/* The default is larger than any zone; only a value that the user has set is worth a line. */
	if (zone_append_max_sectors != geometry.append_max_sectors &&
	    zone_append_max_sectors != Config{}.zone_append_max_sectors)
		pr_info("%s: zone_append_max_sectors=%u: changed to %u\n", disk,
			zone_append_max_sectors, geometry.append_max_sectors);
	zone_append_max_sectors = geometry.append_max_sectors;
	return {};
}

Result<void> Config::validate(const char *disk, const cxxnull_params &params)
{
	constexpr bool blocks_first = KXX_IS_NULL_BLK_BLOCKS_FIRST;

	if (queue_mode == LEGACY_MODE) {
		pr_err("%s: queue_mode=1: the legacy I/O path is no longer there\n", disk);
		return EINVAL;
	}
	if (blocks_first)
		KXX_TRY(validate_blocks(disk));
	validate_conf(disk, static_cast<unsigned int>(params.poll_queues));
	/* Like null_blk, refuse such a zone_size before discard is corrected. */
	if (zoned && !is_power_of_two(zone_size))
		return validate_zones(disk);
	/* The depth of shared tags is the module's parameter, not this setting. */
	if (shared_tags ? !params.hw_queue_depth : !hw_queue_depth) {
		pr_err("%s: hw_queue_depth=0: must be a number from 1\n", disk);
		return EINVAL;
	}
	if (!blocks_first)
		validate_discard(disk);
	KXX_TRY(validate_zones(disk));
	if (!blocks_first)
		return validate_blocks(disk);
	validate_discard(disk);
	return {};
}

} // namespace cxxnull
