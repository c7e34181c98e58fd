/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nullb_device.hpp - the settings of a disk and, while it is powered on, the disk
 *
 * The disks of nr_devices and those of configfs are the same objects, as in null_blk. A disk
 * that is on is a platform device, cxxnull.N: the disk exists while the driver is bound to it.
 */
#pragma once

#include <optional>

#include <kxx/base/err.hpp>
#include <kxx/base/idr.hpp>
#include <kxx/device/platform_device.hpp>
#include <kxx/fs/configfs.hpp>
#include <kxx/fs/debugfs.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/mutex.hpp>

#include "config.hpp"
#include "debug_features.hpp"
#include "latency.hpp"
#include "make_disk.hpp"
#include "params.h"

namespace cxxnull {

/** Common - what all disks of the module share, those of nr_devices and those of configfs */
struct Common {
	Common(const cxxnull_params &params, kxx::BlockMajor major) KXX_MAY_SLEEP;
	Common(const Common &) = delete;
	Common &operator=(const Common &) = delete;

	/** is_ours - true if @name is the name of one of the nr_devices disks */
	bool is_ours(const char *name) const;
	/** pool_bytes - the most bytes that each of @nr_disks may keep in memory */
	u64 pool_bytes(unsigned int nr_disks) const;

	/** max_poll_queues - the limit of a disk's poll_queues, as in null_blk */
	unsigned int max_poll_queues() const
	{
		return static_cast<unsigned int>(params.poll_queues);
	}

	const cxxnull_params &params;
	/* Major number of all disks. */
	kxx::BlockMajor major;
	SharedTags shared_tags;
	/* Limit of the memory of all disks together. */
	PageLimit page_limit;
	/* /sys/kernel/debug/cxxnull: a directory per disk. */
	kxx::DebugfsDir debugfs{ CXXNULL_NAME };
	/* Numbers of the disks that are on. */
	kxx::Ida indexes;
};

/** NullbDriver - the platform driver: makes the disk of a NullbDevice, and destroys it */
struct NullbDriver {
	/** probe - makes the disk; -ENODEV for a device that no NullbDevice has registered */
	static kxx::Result<kxx::Box<ShownDisk>> probe(kxx::PlatformDevice &pdev) KXX_MAY_SLEEP;
	static void remove(kxx::PlatformDevice &pdev, ShownDisk &disk) KXX_MAY_SLEEP;
};

inline constexpr auto ids = kxx::device_table({ kxx::PlatformDeviceId(CXXNULL_NAME) });
extern kxx::PlatformDriver<NullbDriver> driver;

/**
 * NullbDevice - null_blk's struct nullb_device
 *
 * The files of configfs call the methods that end in _show and _store (configfs.cc).
 * Three mutexes, taken in this order: power_ while the disk is powered on or off or its
 * settings change; bound_ while the driver binds or unbinds and while the disk is used;
 * settings_ for a moment only, so that settings can be read while a queue is frozen.
 *
 * Pinned. Context: process, may sleep, for all methods and the destructor.
 */
class NullbDevice {
public:
	/**
	 * NullbDevice - powered off, with the settings of the module's parameters
	 * @name: of the disk; copied
	 * @memory_bytes: the most bytes that its store may hold
	 */
	NullbDevice(Common &common, const char *name, u64 memory_bytes,
		    kxx::Box<DebugFeatures> debug) KXX_MAY_SLEEP;
	NullbDevice(const NullbDevice &) = delete;
	NullbDevice &operator=(const NullbDevice &) = delete;

	/**
	 * power_on - if the disk is off, registers the platform device, for which the driver makes it
	 * @min_index: the disk gets the lowest free number from this on
	 *
	 * The driver must be registered. -EINVAL and a line in the log for
	 * settings that null_blk refuses; -ENOMEM; errors of probe() and of register_full().
	 */
	kxx::Result<void> power_on(unsigned int min_index) const KXX_MAY_SLEEP;
	/** power_off - removes the disk if it is on */
	void power_off() const KXX_MAY_SLEEP;

	/** add_default_groups, put_default_groups - the groups of the fault injection */
	void add_default_groups(kxx::ConfigfsGroup<NullbDevice> &group) KXX_MAY_SLEEP
	{
#define CXXNULL_FAULT(name, dir, text) debug_->name.add_default_group(group, #dir);
#include "attributes.def"
	}
	void put_default_groups() KXX_MAY_SLEEP
	{
#define CXXNULL_FAULT(name, dir, text) debug_->name.put_default_group();
#include "attributes.def"
	}
	/** dropped - rmdir: power_off(), and removes the disk's debugfs directory */
	void dropped() KXX_MAY_SLEEP;

	/** show - writes a value as null_blk does */
	template <auto member> void show(kxx::SysfsBuffer &buffer) const KXX_MAY_SLEEP;
	/**
	 * store - sets a value: -EBUSY while the disk is on, if the value can change only while it
	 *         is off; -EINVAL or -ERANGE and a line in the log for text not of its type
	 *
	 * Accepts every value of the type; power_on() corrects or refuses it. While the disk is
	 * on, a value is checked at once, and the old value shows until the change is done.
	 */
	template <auto member, When when>
	kxx::Result<void> store(const char *attribute,
				const kxx::SysfsInput &input) const KXX_MAY_SLEEP;

	void power_show(kxx::SysfsBuffer &buffer) const KXX_MAY_SLEEP;
	kxx::Result<void> power_store(const kxx::SysfsInput &input) const KXX_MAY_SLEEP;
	void badblocks_show(kxx::SysfsBuffer &buffer) const KXX_MAY_SLEEP
	{
		debug_->badblocks->show(buffer);
	}
	kxx::Result<void> badblocks_store(const kxx::SysfsInput &input) const KXX_MAY_SLEEP;
	kxx::Result<void> zone_readonly_store(const kxx::SysfsInput &input) const KXX_MAY_SLEEP
	{
		return zone_store("zone_readonly", input, kxx::ZoneCond::READONLY);
	}
	kxx::Result<void> zone_offline_store(const kxx::SysfsInput &input) const KXX_MAY_SLEEP
	{
		return zone_store("zone_offline", input, kxx::ZoneCond::OFFLINE);
	}
	void latency_show(kxx::SysfsBuffer &buffer) const KXX_MAY_SLEEP;
	kxx::Result<void> latency_store(const kxx::SysfsInput &input) const KXX_MAY_SLEEP;
	void fault_plan_show(kxx::SysfsBuffer &buffer) const KXX_MAY_SLEEP
	{
		debug_->plan.show(buffer);
	}
	kxx::Result<void> fault_plan_store(const kxx::SysfsInput &input) const KXX_MAY_SLEEP;
	void stats_show(kxx::SysfsBuffer &buffer) const KXX_MAY_SLEEP;
	kxx::Result<void> stats_store(const kxx::SysfsInput &input) const KXX_MAY_SLEEP;
	/** enable_stats - counts requests from now on, from 0 */
	void enable_stats() const KXX_MAY_SLEEP;

private:
	friend NullbDriver;

	struct PlatformData {
		const NullbDevice *device;
	};
	/* The debugfs directory of the disk. */
	struct Debugfs {
		Debugfs(Common &common, const char *name, DebugFeatures &debug) KXX_MAY_SLEEP
			: dir(name, common.debugfs),
			  stats("stats", debug.stats, dir)
		{
		}

		kxx::DebugfsDir dir;
		kxx::DebugfsFile<Stats> stats;
	};
	/* Changed only while power_ is held. */
	struct Settings {
		Config config;
		Distribution latency;
		/* Set after the disk is made, cleared before it is removed. */
		bool on = false;
	};
	struct Bound {
		/* NULL while the driver is unbound. */
		kxx::GenDisk<Disk> *disk = nullptr;
		/* True if the tag set was made with poll queues. */
		bool has_polled = false;
		/*
		 * Result of the last probe: 0 or a negative errno. device_add() does not return
		 * it, as it also succeeds where no driver is loaded.
		 */
		int probe_err = 0;
	};
	struct Power {
		std::optional<kxx::Ida::Id> index;
		/* Destroyed before the number is freed. */
		std::optional<kxx::Owned<kxx::PlatformDevice>> pdev;
	};

	kxx::Result<kxx::Box<ShownDisk>> probe(kxx::Device &parent) const KXX_MAY_SLEEP;
	kxx::Result<void> update_queues(Bound &bound, const Config &config) const KXX_MAY_SLEEP;
	kxx::Result<void> zone_store(const char *attribute, const kxx::SysfsInput &input,
				     kxx::ZoneCond cond) const KXX_MAY_SLEEP;
	template <typename T>
	kxx::Result<T> parse(const char *attribute, const kxx::SysfsInput &input) const;

	Common &common_;
	char name_[KXX_DISK_NAME_LEN] = {};
	const u64 memory_bytes_;
	kxx::Box<DebugFeatures> debug_;
	std::optional<Debugfs> debugfs_;
	kxx::Mutex<Settings> settings_;
	kxx::Mutex<Bound> bound_;
	/* Destroyed first: the driver unbinds. */
	kxx::Mutex<Power> power_;
};

/**
 * configfs_register - makes /sys/kernel/config/cxxnull: a group per disk, whose file "power"
 *                     creates the disk
 * @common: must exist until configfs_unregister()
 *
 * Call it once. -ENOMEM, -EEXIST. Context: process, may sleep.
 */
kxx::Result<void> configfs_register(Common &common) KXX_MAY_SLEEP;
/** configfs_unregister - removes the directory; no group may exist */
void configfs_unregister() KXX_MAY_SLEEP;

} // namespace cxxnull
