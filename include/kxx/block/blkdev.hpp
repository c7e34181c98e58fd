/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blkdev.hpp - GenDisk: a disk
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
 * BlockMajor - register_blkdev(): a major number, with its line in /proc/devices
 *
 * Owns the number. Must outlive the disks that use it. Context of make() and the destructor:
 * process, may sleep.
 */
class [[nodiscard]] BlockMajor {
public:
	/** make - register_blkdev(0, @name); @name must outlive the result. -EBUSY, -ENOMEM */
	static Result<BlockMajor> make(const char *name KXX_LIFETIMEBOUND) KXX_MAY_SLEEP
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
	~BlockMajor() KXX_MAY_SLEEP
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
 * DiskParameters - The parameters of a disk
 * @limits: see QueueLimits
 * @prefix: the disk's name is @prefix followed by @index, at most DISK_NAME_LEN - 1 bytes
 * @index: see @prefix; at most INT_MAX, or 2^20 - 1 with @major
 * @numbered: false if the disk's name is @prefix without @index
 * @capacity: in sectors of 512 bytes, a multiple of the logical block size
 * @read_only: true if user space cannot write to the disk
 * @scan_partitions: true if add_disk() reads the disk to find partitions. Use false for a disk
 *                   that is empty when it is added; BLKRRPART can still find partitions later
 * @major: a number of BlockMajor, with @index as the minor number; 0 if the kernel chooses both
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

	/** validate - Returns -EINVAL and logs the wrong parameter, if there is one */
	Result<void> validate() const
	{
		KXX_TRY(limits.validate());

		const unsigned int max_index = major ? KXX_MINORMASK : __INT_MAX__;

		if (index > max_index) {
			pr_err("kxx: %s%u: index: must be at most %u\n", prefix, index, max_index);
			return EINVAL;
		}
		/* The mask works: the number of sectors in a logical block is a power of two. */
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
 * GenDisk - struct gendisk: a disk
 * @Driver: the class whose queue_rq gets the requests; it may also have members of struct
 *          block_device_operations (block_device_operations.hpp)
 *
 * Owns the disk and the driver's object (the queuedata), and has a reference to the tag set. The
 * destructor keeps the only safe order: del_gendisk(), which stops new I/O and waits for all
 * requests; wait until callbacks that ended the last of them, and running
 * block_device_operations, have returned; drop the disk's reference; destroy the driver's object;
 * drop the tag set. If the driver does not end a request, the destructor waits for ever, and logs
 * that every 10 seconds.
 *
 * Context of add() and the destructor: process, may sleep. queue_rq may be called before add()
 * returns, since user space and the scan for partitions may open the disk. The disk may still be
 * open after the destructor. So a module whose init fails after add() must call
 * wait_for_module_users() before init returns; KXX_MODULE() does.
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
	 * @driver: becomes the queuedata of the disk
	 * @tags: the tag set for the disk's requests; several disks may share it
	 *
	 * Fails with -EINVAL for wrong @parameters, with -ENOMEM, or with the error of add_disk()
	 * (-EEXIST if the name exists) or of blk_revalidate_disk_zones() for a zoned disk.
	 */
	static Result<GenDisk> add(Box<Driver> driver, ARef<TagSet<Driver>> tags,
				   const DiskParameters &parameters) KXX_MAY_SLEEP
	{
		return add_to(nullptr, std::move(driver), std::move(tags), parameters);
	}

	/** device_add - device_add_disk(): the same as add(), for a disk of the device @parent */
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
	~GenDisk() KXX_MAY_SLEEP
	{
		if (!disk_)
			return;
		kxx_del_gendisk(disk_);
		kxx_disk_clear_driver(disk_);
		kxx_put_disk(disk_);
		KXX_FORGET(disk_);
	}

	/**
	 * driver - Returns the queuedata; const, since blk-mq may call the driver at the same time
	 *
	 * Valid until the disk is destroyed. Clang's analyzer reports a later use, if the same file
	 * destroys the disk.
	 */
	const Driver &driver() const KXX_LIFETIMEBOUND { return *driver_.as_raw(); }
	/** tags - Returns the tag set of the disk */
	TagSet<Driver> &tags() const KXX_LIFETIMEBOUND { return *tags_; }
	/** queue - Returns the disk's queue, to freeze, quiesce or stop it */
	RequestQueue queue() const KXX_LIFETIMEBOUND { return RequestQueue(kxx_disk_queue(disk_)); }

	/** capacity - get_capacity(): in sectors of 512 bytes */
	sector_t capacity() const { return kxx_get_capacity(disk_); }
	/**
	 * set_capacity - set_capacity_and_notify(): in sectors, a multiple of the logical block size
	 *
	 * Sends a uevent if the capacity changes, except from or to 0. Fails with -EINVAL, and a
	 * line in the log, for part of a block, and for a zoned disk: the block layer has arrays
	 * with an element for each zone, and does not change their size.
	 *
	 * If the disk becomes smaller, the driver must refuse requests beyond the new end: such
	 * requests may be in flight. Context: process, may sleep.
	 */
	Result<void> set_capacity(sector_t sectors) KXX_MAY_SLEEP
	{
		return Result<void>::from_errno(kxx_set_capacity_and_notify(disk_, sectors));
	}
	/** set_read_only - set_disk_ro(); a change sends a uevent. Context: process, may sleep */
	void set_read_only(bool read_only) KXX_MAY_SLEEP { ::set_disk_ro(disk_, read_only); }

	struct gendisk *raw() const { return disk_; }

private:
	GenDisk(Box<Driver> driver, ARef<TagSet<Driver>> tags, struct gendisk *disk)
		: tags_(std::move(tags)), driver_(std::move(driver)), disk_(disk)
	{
	}

	/* @parent: the disk's device, or NULL */
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

	/*
	 * Members are destroyed in reverse order, after ~GenDisk() has deleted the disk: queue_rq
	 * may use the driver's object until then, and the disk's requests are in the tag set.
	 */
	ARef<TagSet<Driver>> tags_;
	Box<Driver> driver_;
	struct gendisk *disk_;
};

/**
 * wait_for_disks - Waits until the kernel has freed all deleted disks of this module
 *
 * A module must call this at the end of its exit; if its init fails, wait_for_module_users()
 * does. Otherwise the kernel may free code that it still calls: if init fails, it frees the module
 * even while a disk is open. And the last close of a disk drops the reference to the module before
 * the reference to the disk, and between the two the kernel still uses the module's
 * block_device_operations.
 *
 * Context: process, may sleep until the last open disk is closed.
 */
inline void wait_for_disks() KXX_MAY_SLEEP
{
	kxx_wait_for_disks();
}

} // namespace kxx
