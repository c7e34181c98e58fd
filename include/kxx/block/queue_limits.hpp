/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue_limits.hpp - what a disk can do, and how large
 * Part of blkdev.hpp. Wraps struct queue_limits of <linux/blkdev.h>.
 */
#pragma once

#include <kxx/base/err.hpp>
#include <kxx/glue/block/blkdev.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/printk.hpp>

namespace kxx {

/**
 * QueueLimits - struct queue_limits, as far as a driver sets it
 *
 * Named as in C. 0 where nothing else is said: the block layer's own value, or that
 * the disk cannot do it. Sectors are of 512 bytes.
 *
 * @logical_block_size: in bytes, a power of two from 512 to BLK_MAX_BLOCK_SIZE, which is a page
 *                      before 6.15 or without huge pages
 * @physical_block_size: in bytes, a power of two, at least the logical one
 * @io_min, @io_opt: best sizes in bytes, whole physical blocks
 * @max_hw_sectors: of one request, at least a page and a logical block
 * @max_segments: of one request
 * @max_segment_size: in bytes, at least a page; not beside @virt_boundary_mask
 * @virt_boundary_mask: a power of two less 1: segments meet at such addresses alone
 * @dma_alignment: a power of two less 1, at most a page: data begins at such addresses. Below
 *                 511, a segment may end within a sector. The block layer's own value is 511
 * @max_discard_sectors: of one request, whole logical blocks
 * @discard_granularity: in bytes, a power of two, whole logical blocks; a physical block
 *                       at the least
 * @max_write_zeroes_sectors, @max_secure_erase_sectors: as @max_discard_sectors
 * @write_cache: what has ended may be lost before a flush
 * @fua: a request can ask not to be; beside @write_cache
 * @stable_writes: data must not change while it is written
 * @rotational: seeking costs time
 * @zoned: a host-managed zoned disk; the driver has report_zones()
 * @chunk_sectors: with @zoned, the size of a zone, a power of two
 * @max_open_zones, @max_active_zones: with @zoned; not more open than active
 * @max_zone_append_sectors: with @zoned, whole logical blocks, at most a zone
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

	/** validate - -EINVAL, and a line in the log that names the limit */
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
	/* A block is a power of two. */
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
