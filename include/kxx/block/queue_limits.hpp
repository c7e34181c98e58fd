/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue_limits.hpp - limits and features of a disk
 * Part of blkdev.hpp. Wraps struct queue_limits of <linux/blkdev.h>.
 */
#pragma once

#include <kxx/base/err.hpp>
#include <kxx/glue/block/blkdev.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/printk.hpp>

namespace kxx {

/**
 * QueueLimits - The members of struct queue_limits that a driver sets
 *
 * Names are those of C. 0 means the block layer's default, or that the disk lacks the feature,
 * unless a member says otherwise. A sector has 512 bytes.
 *
 * @logical_block_size: in bytes, a power of two from 512 to BLK_MAX_BLOCK_SIZE, which is a page
 *                      before 6.15 or without huge pages
 * @physical_block_size: in bytes, a power of two, at least the logical block size
 * @io_min, @io_opt: preferred sizes in bytes, multiples of the physical block size
 * @max_hw_sectors: per request, at least a page and a logical block
 * @max_segments: per request
 * @max_segment_size: in bytes, at least a page; must be 0 if @virt_boundary_mask is set
 * @virt_boundary_mask: a power of two minus 1; segments may meet only at multiples of that power
 * @dma_alignment: a power of two minus 1, less than a page; buffers begin at multiples of that
 *                 power. The default is 511. With less, a segment may end inside a sector
 * @max_discard_sectors: per request, a multiple of the logical block
 * @discard_granularity: in bytes, a power of two, at least the logical block size; the block
 *                       layer uses at least the physical block size
 * @max_write_zeroes_sectors, @max_secure_erase_sectors: the same as @max_discard_sectors
 * @write_cache: completed writes may be lost until a flush
 * @fua: the disk supports writes with REQ_FUA; needs @write_cache
 * @stable_writes: the data of a write must not change while the write is in flight
 * @rotational: the disk has seek times
 * @zoned: a host-managed zoned disk; the driver must have report_zones()
 * @chunk_sectors: zone size if @zoned, a power of two
 * @max_open_zones, @max_active_zones: only if @zoned; at most as many open as active
 * @max_zone_append_sectors: only if @zoned, a multiple of the logical block, at most a zone
 */
struct QueueLimits {
	unsigned int logical_block_size = 1 << KXX_SECTOR_SHIFT;
	unsigned int physical_block_size = 1 << KXX_SECTOR_SHIFT;
	unsigned int io_min = 0;
	unsigned int io_opt = 0;
	unsigned int max_hw_sectors = 0;
	unsigned short max_segments = 0;
	unsigned int max_segment_size = 0;
	unsigned long virt_boundary_mask = 0;
	unsigned int dma_alignment = 0;
	unsigned int max_discard_sectors = 0;
	unsigned int discard_granularity = 0;
	unsigned int max_write_zeroes_sectors = 0;
	unsigned int max_secure_erase_sectors = 0;
	bool write_cache = false;
	bool fua = false;
	bool stable_writes = false;
	bool rotational = false;
	bool zoned = false;
	unsigned int chunk_sectors = 0;
	unsigned int max_open_zones = 0;
	unsigned int max_active_zones = 0;
	unsigned int max_zone_append_sectors = 0;

	/** validate - Returns -EINVAL and logs the wrong limit, if there is one */
	Result<void> validate() const
	{
		KXX_TRY(check(power_of_two(logical_block_size) &&
				      logical_block_size >= 1 << KXX_SECTOR_SHIFT &&
				      logical_block_size <= KXX_BLK_MAX_BLOCK_SIZE,
			      "logical_block_size", logical_block_size,
			      "a power of two from 512 to the kernel's largest block"));
		KXX_TRY(check(power_of_two(physical_block_size) &&
				      physical_block_size >= logical_block_size,
			      "physical_block_size", physical_block_size,
			      "a power of two from the logical block size"));
		KXX_TRY(check(io_min % physical_block_size == 0, "io_min", io_min,
			      "a multiple of the physical block size"));
		KXX_TRY(check(io_opt % physical_block_size == 0, "io_opt", io_opt,
			      "a multiple of the physical block size"));
		KXX_TRY(check(!max_hw_sectors ||
				      (max_hw_sectors >= page_sectors &&
				       max_hw_sectors >= logical_block_size >> KXX_SECTOR_SHIFT),
			      "max_hw_sectors", max_hw_sectors,
			      "at least a page and a logical block, in sectors"));
		KXX_TRY(check(!max_segment_size ||
				      (max_segment_size >= KXX_PAGE_SIZE && !virt_boundary_mask),
			      "max_segment_size", max_segment_size,
			      "at least a page, in bytes, and not beside virt_boundary_mask"));
		KXX_TRY(check(!(virt_boundary_mask & (virt_boundary_mask + 1)),
			      "virt_boundary_mask", virt_boundary_mask, "a power of two less 1"));
		KXX_TRY(check(!(dma_alignment & (dma_alignment + 1)) &&
				      dma_alignment < KXX_PAGE_SIZE,
			      "dma_alignment", dma_alignment,
			      "a power of two less 1, at most the page size"));
		KXX_TRY(check(whole_blocks(max_discard_sectors), "max_discard_sectors",
			      max_discard_sectors, "a multiple of the logical block, in sectors"));
		KXX_TRY(check(!discard_granularity || (power_of_two(discard_granularity) &&
						       discard_granularity >= logical_block_size),
			      "discard_granularity", discard_granularity,
			      "a power of two from the logical block size, in bytes"));
		KXX_TRY(check(whole_blocks(max_write_zeroes_sectors), "max_write_zeroes_sectors",
			      max_write_zeroes_sectors,
			      "a multiple of the logical block, in sectors"));
		KXX_TRY(check(whole_blocks(max_secure_erase_sectors), "max_secure_erase_sectors",
			      max_secure_erase_sectors,
			      "a multiple of the logical block, in sectors"));
		KXX_TRY(check(!fua || write_cache, "fua", fua, "0 without write_cache"));
		return validate_zones();
	}

	struct kxx_queue_limits to_c() const
	{
		return {
			.logical_block_size = logical_block_size,
			.physical_block_size = physical_block_size,
			.io_min = io_min,
			.io_opt = io_opt,
			.max_hw_sectors = max_hw_sectors,
			.max_segment_size = max_segment_size,
			.virt_boundary_mask = virt_boundary_mask,
			.dma_alignment = dma_alignment,
			.max_discard_sectors = max_discard_sectors,
			.discard_granularity =
				discard_granularity ? discard_granularity : logical_block_size,
			.max_write_zeroes_sectors = max_write_zeroes_sectors,
			.max_secure_erase_sectors = max_secure_erase_sectors,
			.chunk_sectors = chunk_sectors,
			.max_open_zones = max_open_zones,
			.max_active_zones = max_active_zones,
			.max_zone_append_sectors = max_zone_append_sectors,
			.max_segments = max_segments,
			.write_cache = write_cache,
			.fua = fua,
			.stable_writes = stable_writes,
			.rotational = rotational,
			.zoned = zoned,
		};
	}

private:
	static constexpr unsigned int page_sectors = KXX_PAGE_SIZE >> KXX_SECTOR_SHIFT;

	static constexpr bool power_of_two(unsigned int n) { return n && !(n & (n - 1)); }
	/* The mask works because a logical block is a power of two of sectors. */
	bool whole_blocks(unsigned int sectors) const
	{
		return !(sectors & ((logical_block_size >> KXX_SECTOR_SHIFT) - 1));
	}

	static Result<void> check(bool good, const char *limit, unsigned long value,
				  const char *rule)
	{
		if (good)
			return {};
		pr_err("kxx: %s=%lu: must be %s\n", limit, value, rule);
		return EINVAL;
	}

	Result<void> validate_zones() const
	{
		constexpr const char *unzoned = "0 on a disk that is not zoned";

		if (!zoned) {
			KXX_TRY(check(!max_open_zones, "max_open_zones", max_open_zones, unzoned));
			KXX_TRY(check(!max_active_zones, "max_active_zones", max_active_zones,
				      unzoned));
			return check(!max_zone_append_sectors, "max_zone_append_sectors",
				     max_zone_append_sectors, unzoned);
		}
		KXX_TRY(check(KXX_CONFIG_BLK_DEV_ZONED, "zoned", zoned,
			      "0 on a kernel without CONFIG_BLK_DEV_ZONED"));
		KXX_TRY(check(power_of_two(chunk_sectors) && whole_blocks(chunk_sectors),
			      "chunk_sectors", chunk_sectors,
			      "a power of two, at least the logical block, in sectors"));
		KXX_TRY(check(!max_active_zones || max_open_zones <= max_active_zones,
			      "max_open_zones", max_open_zones, "at most max_active_zones"));
		return check(whole_blocks(max_zone_append_sectors) &&
				     max_zone_append_sectors <= chunk_sectors,
			     "max_zone_append_sectors", max_zone_append_sectors,
			     "a multiple of the logical block, at most a zone, in sectors");
	}
};

} // namespace kxx
