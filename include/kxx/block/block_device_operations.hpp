/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block_device_operations.hpp - the callbacks of a disk other than those for requests
 * Part of blkdev.hpp. Wraps struct block_device_operations of <linux/blkdev.h>.
 *
 * A driver may have these members besides queue_rq. All are const, are called in process context
 * and may sleep:
 *
 *     Result<void> open(OpenMode mode) const;         // under the disk's open_mutex
 *     void release() const;
 *     Result<int> ioctl(unsigned int cmd, unsigned long arg) const;   // without it: -ENOTTY
 *     Result<int> compat_ioctl(unsigned int cmd, unsigned long arg) const;
 *     HdGeometry getgeo() const;
 *     Result<void> set_read_only(bool read_only) const;
 *     Result<void> report_zones(sector_t sector, unsigned int nr_zones, ZoneReport &report) const;
 *
 * A file may stay open after its disk was deleted. The driver is not called for such a file:
 * release() does nothing, and the others fail with -ENODEV. Deleting the disk waits for running
 * calls, so a callback must not wait for the deletion.
 *
 * There is no rw_page(): Linux 6.3 removed it, and blk-mq sends those pages as requests.
 */
#pragma once

#include <type_traits>

#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/block/blkdev.h>
#include <kxx/base/has_member.hpp>
#include <kxx/base/initializer.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/base/module.hpp>
#include <kxx/base/printk.hpp>

KXX_LAYOUT(block_device_operations);

namespace kxx {

namespace detail {

KXX_HAS_MEMBER(has_compat_ioctl, compat_ioctl);
KXX_HAS_MEMBER(has_getgeo, getgeo);
KXX_HAS_MEMBER(has_ioctl, ioctl);
KXX_HAS_MEMBER(has_open, open);
KXX_HAS_MEMBER(has_release, release);
KXX_HAS_MEMBER(has_report_zones, report_zones);
KXX_HAS_MEMBER(has_set_read_only, set_read_only);

} // namespace detail

/** OpenMode - The mode in which a disk is opened: BLK_OPEN_*, or FMODE_* before 6.5 */
struct OpenMode {
	bool read, write, exclusive;
};

/** HdGeometry - The part of struct hd_geometry that the driver sets */
struct HdGeometry {
	unsigned char heads;
	unsigned char sectors;
	unsigned short cylinders;
};

/** ZoneType - enum blk_zone_type */
enum class ZoneType : unsigned char {
	CONVENTIONAL = KXX_BLK_ZONE_TYPE_CONVENTIONAL,
	SEQWRITE_REQ = KXX_BLK_ZONE_TYPE_SEQWRITE_REQ,
};

/** ZoneCond - enum blk_zone_cond */
enum class ZoneCond : unsigned char {
	NOT_WP = KXX_BLK_ZONE_COND_NOT_WP,
	EMPTY = KXX_BLK_ZONE_COND_EMPTY,
	IMP_OPEN = KXX_BLK_ZONE_COND_IMP_OPEN,
	EXP_OPEN = KXX_BLK_ZONE_COND_EXP_OPEN,
	CLOSED = KXX_BLK_ZONE_COND_CLOSED,
	FULL = KXX_BLK_ZONE_COND_FULL,
	READONLY = KXX_BLK_ZONE_COND_READONLY,
	OFFLINE = KXX_BLK_ZONE_COND_OFFLINE,
};

/** Zone - struct blk_zone; in sectors of 512 bytes */
struct Zone {
	sector_t start;
	sector_t len;
	sector_t capacity;
	sector_t wp;
	ZoneType type;
	ZoneCond cond;
};

/**
 * ZoneReport - The destination of a zone report, for report_zones()
 *
 * Borrowed for the call. Context: process, may sleep.
 */
class ZoneReport {
public:
	ZoneReport(struct gendisk *disk, const struct kxx_zone_report &to, unsigned int nr_zones)
		: disk_(disk), to_(to), nr_zones_(nr_zones)
	{
	}
	ZoneReport(const ZoneReport &) = delete;
	ZoneReport &operator=(const ZoneReport &) = delete;

	/**
	 * add - Reports the next zone; if it fails, report_zones() must return the error
	 *
	 * Warns and fails with -EINVAL if nr_zones zones were reported already: the caller's buffer
	 * has no room for more.
	 */
	Result<void> add(const Zone &zone) KXX_MAY_SLEEP
	{
		if (added_ == nr_zones_) {
			kxx_warn("kxx: BUG: ZoneReport::add() of more than %u zones\n", nr_zones_);
			return EINVAL;
		}

		const struct kxx_zone c_zone = {
			.start = zone.start,
			.len = zone.len,
			.capacity = zone.capacity,
			.wp = zone.wp,
			.type = static_cast<unsigned char>(zone.type),
			.cond = static_cast<unsigned char>(zone.cond),
		};
		int err = kxx_report_zone(disk_, &to_, added_, &c_zone);

		if (err)
			return Errno::from_errno(err);
		added_++;
		return {};
	}

	/** disk - Returns the disk that has the zones */
	struct gendisk *disk() const { return disk_; }
	/** added - Returns the number of zones reported so far */
	unsigned int added() const { return added_; }

private:
	struct gendisk *disk_;
	struct kxx_zone_report to_;
	unsigned int nr_zones_, added_ = 0;
};

/** BlockDeviceOperations - The operations table of @Driver; NULL where it has no such member */
template <typename Driver> class BlockDeviceOperations {
public:
	/** any - True if the driver has any of these members */
	static constexpr bool any = detail::has_open<Driver> || detail::has_release<Driver> ||
				    detail::has_ioctl<Driver> || detail::has_compat_ioctl<Driver> ||
				    detail::has_getgeo<Driver> ||
				    detail::has_set_read_only<Driver> ||
				    detail::has_report_zones<Driver>;

private:
	/* The driver for the time of a call; empty if the disk was deleted already. */
	class CalledDriver {
	public:
		explicit CalledDriver(struct gendisk *disk)
			: disk_(disk),
			  driver_(static_cast<const Driver *>(kxx_disk_get_driver(disk)))
		{
			// SAFETY: GenDisk<Driver> stored a Driver. kxx_disk_clear_driver() waits
			// for the kxx_disk_put_driver() of each call before the Driver is
			// destroyed.
		}
		explicit CalledDriver(struct block_device *bdev) : CalledDriver(kxx_bdev_disk(bdev))
		{
		}
		CalledDriver(const CalledDriver &) = delete;
		CalledDriver &operator=(const CalledDriver &) = delete;
		~CalledDriver()
		{
			if (driver_)
				kxx_disk_put_driver(disk_);
		}

		explicit operator bool() const { return driver_; }
		const Driver *operator->() const KXX_LIFETIMEBOUND { return driver_; }

	private:
		struct gendisk *disk_;
		const Driver *driver_;
	};

	static int to_int(Result<int> result)
	{
		if (!result)
			return result.error().to_errno();
		return std::move(result).value();
	}

	/* Both argument types differ between kernel versions, so the glue converts them. */
	static int open(void *opened, unsigned int mode) KXX_MAY_SLEEP
	{
		CalledDriver driver(kxx_opened_disk(opened));

		if (!driver)
			return ENODEV.to_errno();

		Result<void> done = driver->open({ .read = kxx_open_mode_reads(mode),
						   .write = kxx_open_mode_writes(mode),
						   .exclusive = kxx_open_mode_is_exclusive(mode) });

		return done.to_errno();
	}

	/* Kernels before 6.5 also pass an fmode_t, for which this function has no parameter. */
	static void release(struct gendisk *disk) KXX_MAY_SLEEP
	{
		if (CalledDriver driver(disk); driver)
			driver->release();
	}

	static int ioctl(struct block_device *bdev, unsigned int, unsigned int cmd,
			 unsigned long arg) KXX_MAY_SLEEP
	{
		CalledDriver driver(bdev);

		return driver ? to_int(driver->ioctl(cmd, arg)) : ENODEV.to_errno();
	}

	static int compat_ioctl(struct block_device *bdev, unsigned int, unsigned int cmd,
				unsigned long arg) KXX_MAY_SLEEP
	{
		CalledDriver driver(bdev);

		return driver ? to_int(driver->compat_ioctl(cmd, arg)) : ENODEV.to_errno();
	}

	static int getgeo(kxx_compat_getgeo_of *of, struct hd_geometry *geometry) KXX_MAY_SLEEP
	{
		CalledDriver driver(of);

		if (!driver)
			return ENODEV.to_errno();

		HdGeometry found = driver->getgeo();

		kxx_set_geometry(geometry, found.heads, found.sectors, found.cylinders);
		return 0;
	}

	static int set_read_only(struct block_device *bdev, bool read_only) KXX_MAY_SLEEP
	{
		CalledDriver driver(bdev);

		return driver ? driver->set_read_only(read_only).to_errno() : ENODEV.to_errno();
	}

	/* Two overloads: the kernel's type of block_device_operations.report_zones selects one. */
	static int report_zones(struct gendisk *disk, sector_t sector, unsigned int nr_zones,
				kxx_report_zones_cb callback, void *data) KXX_MAY_SLEEP
	{
		return report_zones_to(disk, sector, nr_zones,
				       { .callback = callback, .data = data, .args = nullptr });
	}
	static int report_zones(struct gendisk *disk, sector_t sector, unsigned int nr_zones,
				struct blk_report_zones_args *args) KXX_MAY_SLEEP
	{
		return report_zones_to(disk, sector, nr_zones,
				       { .callback = nullptr, .data = nullptr, .args = args });
	}

	static int report_zones_to(struct gendisk *disk, sector_t sector, unsigned int nr_zones,
				   const struct kxx_zone_report &to) KXX_MAY_SLEEP
	{
		CalledDriver driver(disk);

		if (!driver)
			return ENODEV.to_errno();

		ZoneReport report(disk, to, nr_zones);
		Result<void> done = driver->report_zones(sector, nr_zones, report);

		return done ? static_cast<int>(report.added()) : done.to_errno();
	}

	using Operations = Initializer<block_device_operations>;

#define KXX_FOP(name, signature, text)                                                             \
	static_assert(std::is_convertible_v<decltype(&Driver::name), signature>,                   \
		      #name " must be: " text)
#define KXX_FOP_SET(name) fops.template set<KXX_MEMBER_block_device_operations_##name>(name)

	static consteval Operations make_fops()
	{
		Operations fops;

		fops.template set<KXX_MEMBER_block_device_operations_owner>(THIS_MODULE);
		fops.template set<KXX_MEMBER_block_device_operations_free_disk>(kxx_free_disk);
		if constexpr (detail::has_open<Driver>) {
			KXX_FOP(open, Result<void>(Driver::*)(OpenMode) const,
				"Result<void> open(OpenMode) const");
			KXX_FOP_SET(open);
		}
		if constexpr (detail::has_release<Driver>) {
			KXX_FOP(release, void(Driver::*)() const, "void release() const");
			KXX_FOP_SET(release);
		}
		if constexpr (detail::has_ioctl<Driver>) {
			KXX_FOP(ioctl, Result<int>(Driver::*)(unsigned int, unsigned long) const,
				"Result<int> ioctl(unsigned int cmd, unsigned long arg) const");
			KXX_FOP_SET(ioctl);
		}
		if constexpr (detail::has_compat_ioctl<Driver>) {
			KXX_FOP(compat_ioctl,
				Result<int>(Driver::*)(unsigned int, unsigned long) const,
				"Result<int> compat_ioctl(unsigned int cmd, unsigned long arg) "
				"const");
			KXX_FOP_SET(compat_ioctl);
		}
		if constexpr (detail::has_getgeo<Driver>) {
			KXX_FOP(getgeo, HdGeometry(Driver::*)() const, "HdGeometry getgeo() const");
			KXX_FOP_SET(getgeo);
		}
		if constexpr (detail::has_set_read_only<Driver>) {
			KXX_FOP(set_read_only, Result<void>(Driver::*)(bool) const,
				"Result<void> set_read_only(bool) const");
			KXX_FOP_SET(set_read_only);
		}
		if constexpr (detail::has_report_zones<Driver>) {
			KXX_FOP(report_zones,
				Result<void>(Driver::*)(sector_t, unsigned int, ZoneReport &) const,
				"Result<void> report_zones(sector_t sector, unsigned int nr_zones, "
				"ZoneReport &) const");
			KXX_FOP_SET(report_zones);
		}
		return fops;
	}
#undef KXX_FOP
#undef KXX_FOP_SET

public:
	static constexpr Operations fops = make_fops();
};

} // namespace kxx
