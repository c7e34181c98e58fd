/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nullb_device.hpp - the settings of a disk and, while it is powered on, the disk
 *
 * Disks of nr_devices and of configfs are both NullbDevices, as in null_blk. Powering a disk on
 * registers a platform device, cxxnull.N. The gendisk exists while the driver is bound to it.
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

/** Common - state that all disks of the module share, those of nr_devices and of configfs */
struct Common {
	Common(const cxxnull_params &params, kxx::BlockMajor major) KXX_MAY_SLEEP;
	Common(const Common &) = delete;
	Common &operator=(const Common &) = delete;

	/** is_ours - true if @name is the name of one of the nr_devices disks */
	bool is_ours(const char *name) const;
	/** pool_bytes - returns the limit of a disk's memory, in bytes, if there are @nr_disks */
	u64 pool_bytes(unsigned int nr_disks) const;

	/** max_poll_queues - returns the limit of a disk's poll_queues, as in null_blk */
	unsigned int max_poll_queues() const
	{
		return static_cast<unsigned int>(params.poll_queues);
	}

	const cxxnull_params &params;
	/* Major number of all disks. */
	kxx::BlockMajor major;
	SharedTags shared_tags;
	/* Limit of the pages of all disks together, without those of caches. */
	PageLimit page_limit;
	/* Limit of the pages of all caches together. */
	PageLimit cache_limit;
	/* /sys/kernel/debug/cxxnull, with a directory per disk. */
	kxx::DebugfsDir debugfs{ CXXNULL_NAME };
	/* Allocates the number of each disk that is on. */
	kxx::Ida indexes;
};

/** NullbDriver - platform driver: the disk of a NullbDevice exists while it is bound */
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
 * Owns the data of a memory-backed disk, which stays while the disk is powered off.
 *
 * The files of configfs call the methods that end in _show and _store (configfs.cc).
 * Three mutexes nest in this order: power_ while the disk is powered on or off or its settings
 * change; bound_ while the driver binds or unbinds and while the gendisk is used; settings_ for
 * a moment only, so that user space can read the settings while a queue is frozen.
 *
 * Pinned. Context: process, may sleep, for all methods and the destructor.
 */
class NullbDevice {
public:
	/**
	 * NullbDevice - creates a disk that is off, with the settings in the module's parameters
	 * @name: name of the disk; copied
	 * @memory_bytes: limit of the memory of the disk's store
	 */
	NullbDevice(Common &common, const char *name, u64 memory_bytes,
		    kxx::Box<DebugFeatures> debug) KXX_MAY_SLEEP;
	NullbDevice(const NullbDevice &) = delete;
	NullbDevice &operator=(const NullbDevice &) = delete;

	/**
	 * power_on - registers the platform device, whose probe() creates the disk
	 * @min_index: the disk gets the lowest free number from @min_index on
	 *
	 * Does nothing if the disk is on. The platform driver must be registered. Returns -EINVAL,
	 * and logs the reason, for settings that null_blk refuses; -ENOMEM; errors of probe() and
	 * of register_full().
	 */
	kxx::Result<void> power_on(unsigned int min_index) const KXX_MAY_SLEEP;
	/** power_off - removes the disk if it is on */
	void power_off() const KXX_MAY_SLEEP;

	/** add_default_groups, put_default_groups - configfs groups of the fault injection */
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
	/** dropped - handles rmdir: powers the disk off and removes its debugfs directory */
	void dropped() KXX_MAY_SLEEP;

	/** show - writes the value of a setting as null_blk does */
	template <auto member> void show(kxx::SysfsBuffer &buffer) const KXX_MAY_SLEEP;
	/**
	 * store - sets a setting to any value of its type; power_on() corrects or refuses the value
	 *
	 * While the disk is on, checks the value at once; the file shows the old value until the
	 * change is done. Returns -EBUSY while the disk is on, if @when is WHILE_OFF; -EINVAL or
	 * -ERANGE, and logs the reason, for text that is not of the type.
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
	/** enable_stats - zeroes the statistics and begins to count requests */
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
	/* Changes only while power_ is held. */
	struct Settings {
		Config config;
		Distribution latency;
		/* The file "power": set after the disk is created, cleared before it is removed. */
		bool on = false;
	};
	struct Bound {
		/* NULL while the driver is unbound. */
		kxx::GenDisk<Disk> *disk = nullptr;
		/* True if the tag set was made with poll queues. */
		bool has_polled = false;
		/* Made when the disk is first powered on with memory_backed=1. */
		std::optional<kxx::Box<Store>> store;
		/*
		 * Result of the last probe(): 0 or a negative errno. register_full() does not
		 * return the result, because it succeeds even if no driver binds.
		 */
		int probe_err = 0;
	};
	struct Power {
		std::optional<kxx::Ida::Id> index;
		/* Declared last, so that the device is destroyed before its number is freed. */
		std::optional<kxx::Owned<kxx::PlatformDevice>> pdev;
	};

	kxx::Result<kxx::Box<ShownDisk>> probe(kxx::Device &parent) const KXX_MAY_SLEEP;
	kxx::Result<kxx::Box<ShownDisk>> probe(kxx::Device &parent,
					       Bound &bound) const KXX_MAY_SLEEP;
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
	/* Declared last, so destroyed first: the driver unbinds while the other members exist. */
	kxx::Mutex<Power> power_;
};

/**
 * configfs_register - registers /sys/kernel/config/cxxnull: mkdir makes a group for a disk, and
 *                     writing 1 to "power" in the group creates the disk
 * @common: must stay valid until configfs_unregister()
 *
 * Call it once. Returns -ENOMEM or -EEXIST. Context: process, may sleep.
 */
kxx::Result<void> configfs_register(Common &common) KXX_MAY_SLEEP;
/** configfs_unregister - removes the directory; no group may exist */
void configfs_unregister() KXX_MAY_SLEEP;

} // namespace cxxnull
