/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blkdev.hpp - a disk that is added and deleted in the right order
 * Wraps <linux/blkdev.h>. Glue: glue/block/blkdev.h
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/block_device_operations.hpp>
#include <kxx/device/device.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/block/blkdev.h>
#include <kxx/glue/base/err.h>
#include <kxx/base/printk.hpp>
#include <kxx/block/queue_limits.hpp>
#include <kxx/block/request_queue.hpp>
#include <kxx/mm/slab.hpp>

namespace kxx {

/**
 * BlockMajor - register_blkdev(): a major number of disks, and its line in /proc/devices
 *
 * Owns the number. Must outlive the disks that have it. Context: process, may sleep, to make
 * and to drop.
 */
class [[nodiscard]] BlockMajor {
public:
	/** make - registers a free major number; @name must outlive the result. -EBUSY, -ENOMEM */
	static Result<BlockMajor> make(const char *name) KXX_MAY_SLEEP
	{
		int major = kxx_register_blkdev(name);

		if (major < 0)
			return Errno::from_errno(major);
		return BlockMajor(static_cast<unsigned int>(major), name);
	}

	BlockMajor(BlockMajor &&other)
		: number_(std::exchange(other.number_, 0)), name_(other.name_)
	{
	}
	BlockMajor &operator=(BlockMajor &&) = delete;
	BlockMajor(const BlockMajor &) = delete;
	BlockMajor &operator=(const BlockMajor &) = delete;
	~BlockMajor()
	{
		if (number_)
			::unregister_blkdev(number_, name_);
	}

	unsigned int number() const { return number_; }

private:
	BlockMajor(unsigned int number, const char *name) : number_(number), name_(name) {}

	unsigned int number_;
	const char *name_;
};

/**
 * DiskParameters - a disk as user space sees it
 * @limits: see QueueLimits
 * @prefix: the disk is called @prefix and @index, at most DISK_NAME_LEN - 1 bytes
 * @index: see @prefix
 * @numbered: false for a disk that is called @prefix alone
 * @capacity: in sectors of 512 bytes, whole logical blocks
 * @read_only: user space cannot write it
 * @scan_partitions: add_disk() reads the disk to look for partitions. False for a disk that is
 *                   empty when it is added; BLKRRPART looks for them later all the same
 * @major: see BlockMajor; @index is the minor number. 0 for numbers that the kernel chooses
 */
struct DiskParameters {
	QueueLimits limits = {};
	const char *prefix = "";
	unsigned int index = 0;
	bool numbered = true;
	sector_t capacity = 0;
	bool read_only = false;
	bool scan_partitions = true;
	unsigned int major = 0;

	/** validate - -EINVAL, and a line in the log that names what is wrong */
	Result<void> validate() const
	{
		KXX_TRY(limits.validate());
		/* A block is a power of two. */
		if (capacity & ((limits.logical_block_size >> KXX_SECTOR_SHIFT) - 1)) {
			pr_err("kxx: %s%u: capacity=%llu: must be a multiple of the logical block, "
			       "%u sectors\n",
			       prefix, index, capacity,
			       limits.logical_block_size >> KXX_SECTOR_SHIFT);
			return EINVAL;
		}
		return {};
	}
};

/**
 * GenDisk - struct gendisk: a disk that user space sees
 * @Driver: the class whose queue_rq serves it; it may have members of struct
 *          block_device_operations as well (block_device_operations.hpp)
 *
 * Owns the disk and the driver's object (its queuedata), and is a user of the tag set.
 * Goes in the only right order: no new I/O and all old I/O ended (del_gendisk), no call
 * of block_device_operations, the disk's reference, the driver's object, the tags. That
 * waits for as long as the driver has a request, and says so in the log every 10
 * seconds.
 *
 * Context: process, may sleep, both to add and to drop. queue_rq can be called
 * before add() returns. User space, and the scan for partitions, may open the disk at
 * once. So a module whose init fails after add() calls wait_for_disks() before it
 * returns.
 *
 *     auto disk = KXX_TRY(GenDisk<Disk>::add(
 *             std::move(driver), std::move(tags),
 *             { .limits = { .logical_block_size = 4096, .physical_block_size = 4096 },
 *               .prefix = "cxxnullb", .index = 0, .capacity = sectors }));
 */
template <typename Driver> class [[nodiscard]] GenDisk {
public:
	/**
	 * add - blk_mq_alloc_disk(), set_capacity() and add_disk()
	 * @driver: becomes the queuedata
	 * @tags: where its requests come from; several disks may share it
	 *
	 * -EINVAL for bad @parameters, -ENOMEM, what add_disk() returns (-EEXIST for
	 * a name that is taken), what blk_revalidate_disk_zones() returns for a zoned one.
	 */
	static Result<GenDisk> add(Box<Driver> driver, ARef<TagSet<Driver>> tags,
				   const DiskParameters &parameters) KXX_MAY_SLEEP
	{
		return add_to(nullptr, std::move(driver), std::move(tags), parameters);
	}

	/** device_add - device_add_disk(): as add(), for the disk of a device, bound or about to be */
	static Result<GenDisk> device_add(Device &parent, Box<Driver> driver,
					  ARef<TagSet<Driver>> tags,
					  const DiskParameters &parameters) KXX_MAY_SLEEP
	{
		return add_to(parent.raw(), std::move(driver), std::move(tags), parameters);
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
		kxx_disk_clear_driver(disk_);
		kxx_put_disk(disk_);
		KXX_FORGET(disk_);
	}

	/**
	 * driver - the queuedata; const, since blk-mq may call the driver at the same time
	 *
	 * Valid until the disk is destroyed. clang's analyzer refuses a later use, if it sees the
	 * destruction in the same file.
	 */
	const Driver &driver() const KXX_LIFETIMEBOUND { return *driver_.as_raw(); }
	/** tags - where its requests come from */
	TagSet<Driver> &tags() const KXX_LIFETIMEBOUND { return *tags_; }
	/** queue - to freeze it, quiesce it or stop it for a while */
	RequestQueue queue() const KXX_LIFETIMEBOUND { return RequestQueue(kxx_disk_queue(disk_)); }

	/** capacity - get_capacity(), in sectors of 512 bytes */
	sector_t capacity() const { return kxx_get_capacity(disk_); }
	/**
	 * set_capacity - set_capacity_and_notify(), in sectors; sends a uevent
	 *
	 * If the disk becomes smaller, requests beyond its new end may be in flight: the driver
	 * must refuse them. Context: process, may sleep.
	 */
	void set_capacity(sector_t sectors) KXX_MAY_SLEEP
	{
		::set_capacity_and_notify(disk_, sectors);
	}
	/** set_read_only - set_disk_ro(); tells user space. Context: process, may sleep */
	void set_read_only(bool read_only) KXX_MAY_SLEEP { ::set_disk_ro(disk_, read_only); }

	struct gendisk *raw() const { return disk_; }

private:
	GenDisk(Box<Driver> driver, ARef<TagSet<Driver>> tags, struct gendisk *disk)
		: tags_(std::move(tags)), driver_(std::move(driver)), disk_(disk)
	{
	}

	/* @parent: NULL for a disk of no device */
	static Result<GenDisk> add_to(struct device *parent, Box<Driver> driver,
				      ARef<TagSet<Driver>> tags,
				      const DiskParameters &parameters) KXX_MAY_SLEEP
	{
		KXX_TRY(parameters.validate());
		if (parameters.limits.zoned && !detail::has_report_zones<Driver>) {
			pr_err("kxx: %s%u: zoned: its driver has no report_zones()\n",
			       parameters.prefix, parameters.index);
			return EINVAL;
		}

		const struct kxx_queue_limits limits = parameters.limits.to_c();
		struct gendisk *disk = kxx_blk_mq_alloc_disk(tags->raw(), &limits, driver.as_raw());

		if (kxx_is_err(disk))
			return Errno::from_errno(kxx_ptr_err(disk));

		if (parameters.major)
			kxx_disk_set_number(disk, parameters.major, parameters.index);

		using Operations = BlockDeviceOperations<Driver>;
		int err = 0;

		if constexpr (Operations::any)
			err = kxx_disk_set_driver(disk, driver.as_raw());
		if (!err)
			err = kxx_device_add_disk(
				parent, disk, Operations::fops.get(), parameters.prefix,
				parameters.numbered ? static_cast<int>(parameters.index) : -1,
				parameters.capacity, parameters.read_only,
				parameters.scan_partitions);
		if (err) {
			kxx_disk_clear_driver(disk);
			kxx_put_disk(disk);
			return Errno::from_errno(err);
		}
		return GenDisk(std::move(driver), std::move(tags), disk);
	}

	/* Members go in the reverse of this order, after the disk itself. */
	ARef<TagSet<Driver>> tags_;
	Box<Driver> driver_;
	struct gendisk *disk_;
};

/**
 * wait_for_disks - waits until the kernel has freed every dropped GenDisk of this module
 *
 * An open disk keeps its module loaded; but if init fails, the kernel frees the module even
 * while a disk is open. And the last close of a disk drops the module's reference first and the
 * disk's second: between the two, the block_device_operations of the module are still in use.
 * Call this at the end of the module's exit, and of its init if that fails.
 *
 * Context: process, may sleep: until the last open disk is closed.
 */
inline void wait_for_disks() KXX_MAY_SLEEP
{
	kxx_wait_for_disks();
}

} // namespace kxx
