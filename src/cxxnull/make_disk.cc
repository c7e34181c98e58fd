// SPDX-License-Identifier: GPL-2.0
#include <utility>

#include "make_disk.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

Result<ARef<TagSet<Disk>>> tags_of(const DiskSettings &settings) KXX_MAY_SLEEP
{
	const Config &config = settings.config;

	if (config.shared_tags && settings.shared_tags)
		return settings.shared_tags->get(config.needs_blocking());
	return Disk::make_tags(config, config.needs_blocking());
}

QueueLimits limits_of(const Config &config)
{
	QueueLimits limits{
		.logical_block_size = config.blocksize,
		.physical_block_size = config.blocksize,
		.max_hw_sectors = config.max_sectors,
		.virt_boundary_mask = config.virt_boundary ? KXX_PAGE_SIZE - 1 : 0ul,
		.dma_alignment = KXX_IS_NULL_BLK_ALIGNED_TO_2 ? 1u : 0u,
		.rotational = config.rotational,
	};

	if (config.cache_size) {
		limits.write_cache = true;
		limits.fua = config.fua;
	}
	/* Limit a discard to UINT_MAX bytes, rounded down to whole blocks. */
	if (config.discard)
		limits.max_discard_sectors =
			(~0u / config.blocksize * config.blocksize) >> KXX_SECTOR_SHIFT;
	return limits;
}

sector_t capacity_of(const Config &config)
{
	/* A size of 2^64 bytes or more wraps around, as in null_blk. */
	return (sector_t{ config.size } << 20) >> KXX_SECTOR_SHIFT;
}

/* Creates the parts of a disk. Adds the limits of its zones to @limits. */
Result<DiskParts> make_parts(const DiskSettings &settings, QueueLimits &limits) KXX_MAY_SLEEP
{
	const Config &config = settings.config;
	DiskParts parts;

	if (config.zoned) {
		auto geometry = KXX_TRY(ZoneGeometry::make(config));

		geometry.set_limits(limits);
		if (config.memory_backed)
			parts.zones_with_data.emplace(KXX_TRY(Zones<Mutex>::make(geometry)));
		else
			parts.zones_without_data.emplace(
				KXX_TRY(Zones<SpinLockIrq>::make(geometry)));
	}
	if (config.memory_backed) {
		parts.store = settings.store;
		if (config.cache_size)
			parts.cache.emplace(KXX_TRY(Box<Cache<Store>>::make(
				GFP_KERNEL, *parts.store, u64{ config.cache_size } << 20,
				*settings.cache_limit)));
	}
	if (config.mbps)
		parts.throttle.emplace(KXX_TRY(Throttle::make(config.mbps)));
	return parts;
}

} // namespace

Result<ARef<TagSet<Disk>>> SharedTags::get(bool blocking)
{
	bool all_block = config_.needs_blocking();

	return sets_.with_locked([this, blocking = blocking || all_block](
					 Sets &sets) KXX_MAY_SLEEP -> Result<ARef<TagSet<Disk>>> {
		Tags &tags = blocking ? sets.blocking : sets.other;

		if (!tags)
			tags.emplace(KXX_TRY(Disk::make_tags(config_, blocking)));
		return tags->share();
	});
}

Result<Box<ShownDisk>> make_disk(Device &parent, const DiskSettings &settings)
{
	const Config &config = settings.config;
	auto shown = KXX_TRY(Box<ShownDisk>::make(GFP_KERNEL));
	auto tags = KXX_TRY(tags_of(settings));
	QueueLimits limits = limits_of(config);
	auto parts = KXX_TRY(make_parts(settings, limits));
	auto disk = KXX_TRY(Box<Disk>::make(GFP_KERNEL, config, settings.latency, settings.debug,
					    std::move(parts)));

	/* Zero the counts, so that nth=1 is the first request to the new disk. */
	if (auto *debug = settings.debug)
		debug->plan.restart(config.seed);

	/* Add the disk last: user space sees it from here on, so no later step may fail. */
	shown->disk.emplace(
		KXX_TRY(GenDisk<Disk>::device_add(parent, std::move(disk), std::move(tags),
						  { .limits = limits,
						    .prefix = settings.name,
						    .index = config.index,
						    .numbered = false,
						    .capacity = capacity_of(config),
						    .scan_partitions = settings.has_data,
						    .major = settings.major })));
	return shown;
}

} // namespace cxxnull
