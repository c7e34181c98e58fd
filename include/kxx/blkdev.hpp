/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blkdev.hpp - a disk that goes as it came
 * Wraps <linux/blkdev.h>. Glue: glue/blkdev.h
 */
#pragma once

#include <utility>

#include <kxx/annotations.hpp>
#include <kxx/blk-mq.hpp>
#include <kxx/device/device.hpp>
#include <kxx/err.hpp>
#include <kxx/glue/blkdev.h>
#include <kxx/glue/err.h>
#include <kxx/initializer.hpp>
#include <kxx/layout.hpp>
#include <kxx/printk.hpp>
#include <kxx/slab.hpp>

KXX_LAYOUT(block_device_operations);

#ifdef MODULE
struct module;
extern "C" struct module __this_module;
#define THIS_MODULE (&__this_module)
#else
#define THIS_MODULE nullptr
#endif

namespace kxx {

/**
 * QueueLimits - struct queue_limits, as far as a driver sets it
 * @logical_block_size: in bytes, a power of two from 512 to PAGE_SIZE
 * @physical_block_size: in bytes, a power of two, at least the logical one
 * @rotational: seeking costs time
 */
struct QueueLimits {
	unsigned int logical_block_size = 1 << KXX_SECTOR_SHIFT;
	unsigned int physical_block_size = 1 << KXX_SECTOR_SHIFT;
	bool rotational = false;

	/** validate - -EINVAL, and a line in the log that names the limit */
	Result<void> validate() const
	{
		auto power_of_two = [](unsigned int n) { return n && !(n & (n - 1)); };

		if (!power_of_two(logical_block_size) ||
		    logical_block_size < 1 << KXX_SECTOR_SHIFT ||
		    logical_block_size > KXX_PAGE_SIZE) {
			pr_err("kxx: logical_block_size=%u: not a power of two from %u to %lu\n",
			       logical_block_size, 1u << KXX_SECTOR_SHIFT,
			       static_cast<unsigned long>(KXX_PAGE_SIZE));
			return EINVAL;
		}
		if (!power_of_two(physical_block_size) ||
		    physical_block_size < logical_block_size) {
			pr_err("kxx: physical_block_size=%u: not a power of two from %u\n",
			       physical_block_size, logical_block_size);
			return EINVAL;
		}
		return {};
	}
};

/**
 * GenDisk - struct gendisk: a disk that user space sees
 * @Driver: the class whose queue_rq serves it
 *
 * Owns the disk, the driver's object (its queuedata) and the tag set. Goes in
 * the only right order: no new I/O and all old I/O ended (del_gendisk), the
 * disk's reference, the driver's object, the tags. That waits for as long as the
 * driver has a request, and says so in the log every 10 seconds.
 *
 * Context: process, may sleep, both to add and to drop. queue_rq can be called
 * before add() returns. A module's init that fails after add() must not return
 * before the disk is closed everywhere (module_refcount()): add_disk() itself
 * opens it, and closes it later.
 *
 *     auto disk = KXX_TRY(GenDisk<Disk>::add(std::move(driver), std::move(tags),
 *                                            limits, "cxxnullb", 0, sectors));
 */
template <typename Driver> class [[nodiscard]] GenDisk {
public:
	/**
	 * add - blk_mq_alloc_disk(), set_capacity() and add_disk()
	 * @driver: becomes the queuedata
	 * @tags: where its requests come from
	 * @limits: see QueueLimits
	 * @prefix: the disk is called @prefix and @index, at most DISK_NAME_LEN - 1 bytes
	 * @index: see @prefix
	 * @capacity: in sectors of 512 bytes
	 *
	 * -EINVAL for bad @limits, -ENOMEM, what add_disk() returns (-EEXIST for
	 * a name that is taken).
	 */
	static Result<GenDisk> add(Box<Driver> driver, Box<TagSet<Driver>> tags,
				   const QueueLimits &limits, const char *prefix,
				   unsigned int index, sector_t capacity) KXX_MAY_SLEEP
	{
		return add_to(nullptr, std::move(driver), std::move(tags), limits, prefix, index,
			      capacity);
	}

	/** device_add - device_add_disk(): as add(), for the disk of a device, bound or about to be */
	static Result<GenDisk> device_add(Device &parent, Box<Driver> driver,
					  Box<TagSet<Driver>> tags, const QueueLimits &limits,
					  const char *prefix, unsigned int index,
					  sector_t capacity) KXX_MAY_SLEEP
	{
		return add_to(parent.raw(), std::move(driver), std::move(tags), limits, prefix,
			      index, capacity);
	}

	GenDisk(GenDisk &&other)
		: tags_(std::move(other.tags_)), driver_(std::move(other.driver_)),
		  disk_(std::exchange(other.disk_, nullptr))
	{
	}
	GenDisk &operator=(GenDisk &&) = delete;
	GenDisk(const GenDisk &) = delete;
	GenDisk &operator=(const GenDisk &) = delete;
	~GenDisk()
	{
		if (!disk_)
			return;
		kxx_del_gendisk(disk_);
		kxx_put_disk(disk_);
	}

	struct gendisk *raw() const { return disk_; }

private:
	GenDisk(Box<Driver> driver, Box<TagSet<Driver>> tags, struct gendisk *disk)
		: tags_(std::move(tags)), driver_(std::move(driver)), disk_(disk)
	{
	}

	/* @parent: NULL for a disk of no device */
	static Result<GenDisk> add_to(struct device *parent, Box<Driver> driver,
				      Box<TagSet<Driver>> tags, const QueueLimits &limits,
				      const char *prefix, unsigned int index,
				      sector_t capacity) KXX_MAY_SLEEP
	{
		KXX_TRY(limits.validate());

		struct gendisk *disk = kxx_blk_mq_alloc_disk(tags->raw(), limits.logical_block_size,
							     limits.physical_block_size,
							     limits.rotational, driver.as_raw());

		if (kxx_is_err(disk))
			return Errno::from_errno(kxx_ptr_err(disk));

		int err = kxx_device_add_disk(parent, disk, &fops, prefix, index, capacity);

		if (err) {
			kxx_put_disk(disk);
			return Errno::from_errno(err);
		}
		return GenDisk(std::move(driver), std::move(tags), disk);
	}

	using Operations = Initializer<block_device_operations>;

	static consteval Operations make_fops()
	{
		Operations fops;

		fops.set(KXX_OFFSETOF_block_device_operations_owner,
			 static_cast<const void *>(THIS_MODULE));
		return fops;
	}

	static constexpr Operations fops = make_fops();

	/* Members go in the reverse of this order, after the disk itself. */
	Box<TagSet<Driver>> tags_;
	Box<Driver> driver_;
	struct gendisk *disk_;
};

} // namespace kxx
