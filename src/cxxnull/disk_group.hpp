/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk_group.hpp - configfs: one group per disk; writing 1 to its "power" creates the disk
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/fs/configfs.hpp>
#include <kxx/fs/debugfs.hpp>
#include <kxx/base/err.hpp>
#include <kxx/base/idr.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>

#include "config.hpp"
#include "make_disk.hpp"
#include "driver.hpp"
#include "debug_features.hpp"
#include "latency.hpp"
#include "params.h"

namespace cxxnull {

/** Common - shared by all disks of the module, those of nr_devices and those of configfs */
struct Common {
	Common(const cxxnull_params &params, kxx::BlockMajor major) KXX_MAY_SLEEP;
	Common(const Common &) = delete;
	Common &operator=(const Common &) = delete;

	/** is_ours - true if @name is the name of one of the nr_devices disks */
	bool is_ours(const char *name) const;
	/** pool_bytes - the most bytes that each of @nr_disks may keep in memory */
	u64 pool_bytes(unsigned int nr_disks) const;

	/**
	 * max_poll_queues - the limit of poll_queues, which is the module's parameter, as in
	 * null_blk
	 */
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
	/* Numbers of configfs' disks, from nr_devices on. */
	kxx::Ida indexes;
};

/**
 * DiskDebugfs - the debugfs directory of a disk, with its file "stats"
 *
 * Pinned. Context of constructor and destructor: process, may sleep.
 */
class DiskDebugfs {
public:
	DiskDebugfs(Common &common, const char *disk, DebugFeatures &debug) KXX_MAY_SLEEP;
	DiskDebugfs(const DiskDebugfs &) = delete;
	DiskDebugfs &operator=(const DiskDebugfs &) = delete;
	~DiskDebugfs() KXX_MAY_SLEEP;

private:
	kxx::DebugfsDir dir_;
	kxx::DebugfsFile<Stats> stats_;
};

/**
 * DiskGroup - the settings of a disk, and the disk while it is powered on
 *
 * Showing a value takes settings_, which is never held for long. So values can be read while
 * the disk is powered on or off and while its queues are frozen, which hold power_. power_ is
 * taken before settings_.
 *
 * Context: process, may sleep, for all methods.
 */
class DiskGroup {
public:
	DiskGroup(Common &common, const char *name, kxx::Box<DebugFeatures> debug) KXX_MAY_SLEEP;
	DiskGroup(const DiskGroup &) = delete;
	DiskGroup &operator=(const DiskGroup &) = delete;

	/** add_default_groups, put_default_groups - the groups of the fault injection */
	void add_default_groups(kxx::ConfigfsGroup<DiskGroup> &group) KXX_MAY_SLEEP
	{
		debug_->faults.add_default_groups(group);
	}
	void put_default_groups() KXX_MAY_SLEEP { debug_->faults.put_default_groups(); }

	/** dropped - rmdir: removes the disk if it is on */
	void dropped() KXX_MAY_SLEEP;

	/** show - writes a value as null_blk does */
	template <auto member> void show(kxx::SysfsBuffer &buffer) const KXX_MAY_SLEEP;
	/**
	 * store - sets a value: -EBUSY while the disk is on, if the value can change only while it
	 *         is off; -EINVAL or -ERANGE and a line in the log for text not of its type
	 *
	 * Accepts every value of the type; power_store() corrects or refuses it. While the disk is
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

private:
	/* State of the disk: locked while the disk is powered on or off. */
	struct Power {
		std::optional<kxx::Ida::Id> index;
		/* Destroyed before its number is freed. */
		std::optional<kxx::Box<PoweredDisk>> disk;
		/* True if the disk had poll queues when it was powered on. */
		bool has_polled = false;
	};
	/* Changed only while power_ is held. */
	struct Settings {
		Config config;
		Distribution latency;
		/*
		 * True while the disk exists: set after it is made, cleared before it is removed.
		 */
		bool on = false;
	};

	kxx::Result<void> zone_store(const char *attribute, const kxx::SysfsInput &input,
				     kxx::ZoneCond cond) const KXX_MAY_SLEEP;
	kxx::Result<void> power_on(Power &power) const KXX_MAY_SLEEP;
	void power_off(Power &power) const KXX_MAY_SLEEP;
	Config config() const KXX_MAY_SLEEP { return settings_.lock()->config; }
	kxx::Result<void> update_queues(PoweredDisk &disk, bool has_polled,
					const Config &config) const KXX_MAY_SLEEP;
	template <typename T>
	kxx::Result<T> parse(const char *attribute, const kxx::SysfsInput &input) const;

	Common &common_;
	char name_[KXX_DISK_NAME_LEN] = {};
	kxx::Box<DebugFeatures> debug_;
	std::optional<DiskDebugfs> debugfs_;
	kxx::Mutex<Power> power_;
	kxx::Mutex<Settings> settings_;
};

/** DiskGroups - the data of /sys/kernel/config/cxxnull: makes a group per disk */
class DiskGroups {
public:
	explicit DiskGroups(Common &common) : common_(common) {}
	DiskGroups(const DiskGroups &) = delete;
	DiskGroups &operator=(const DiskGroups &) = delete;

	/**
	 * make_group - mkdir: -EEXIST for a name of the nr_devices disks, -ENAMETOOLONG, -ENOMEM
	 */
	kxx::Result<kxx::Box<kxx::ConfigfsGroup<DiskGroup>>>
	make_group(const char *name) KXX_MAY_SLEEP;

private:
	Common &common_;
};

/**
 * ConfigfsTree - the configfs subsystem, registered as long as this exists
 *
 * Movable. Context: process, may sleep, the destructor too.
 */
class ConfigfsTree {
public:
	/** make - @common: outlives it; -ENOMEM, -EEXIST. Nothing can fail once it is registered */
	static kxx::Result<ConfigfsTree> make(Common &common) KXX_MAY_SLEEP;

	ConfigfsTree(ConfigfsTree &&other) : subsystem_(std::exchange(other.subsystem_, nullptr)) {}
	ConfigfsTree &operator=(ConfigfsTree &&) = delete;
	ConfigfsTree(const ConfigfsTree &) = delete;
	ConfigfsTree &operator=(const ConfigfsTree &) = delete;
	~ConfigfsTree() KXX_MAY_SLEEP;

private:
	explicit ConfigfsTree(void *subsystem) : subsystem_(subsystem) {}

	/* void: its type depends on all attributes, which only disk_group.cc knows. */
	void *subsystem_;
};

} // namespace cxxnull
