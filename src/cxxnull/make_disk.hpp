/* SPDX-License-Identifier: GPL-2.0 */
/*
 * make_disk.hpp - makes a disk from its settings
 */
#pragma once

#include <optional>

#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/device/device.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>

#include "config.hpp"
#include "disk.hpp"
#include "latency.hpp"
#include "params.h"

namespace cxxnull {

/**
 * SharedTags - the tag sets that all disks with shared_tags=1 share, made on first use
 *
 * The module's parameters set them up, not the settings of a disk. BLK_MQ_F_BLOCKING belongs to
 * a tag set, so there are two: one for disks whose queue_rq may sleep, one for all others.
 * Must outlive the disks. Context: process, may sleep.
 */
class SharedTags {
public:
	explicit SharedTags(const cxxnull_params &params) : config_(Config::from(params)) {}
	SharedTags(const SharedTags &) = delete;
	SharedTags &operator=(const SharedTags &) = delete;

	/** get - returns the tag set for a queue_rq that may sleep (@blocking) or not; -ENOMEM */
	kxx::Result<kxx::ARef<kxx::TagSet<Disk>>> get(bool blocking) KXX_MAY_SLEEP;

private:
	using Tags = std::optional<kxx::ARef<kxx::TagSet<Disk>>>;

	struct Sets {
		Tags blocking, other;
	};

	const Config config_;
	kxx::Mutex<Sets> sets_;
};

/**
 * DiskSettings - arguments of make_disk()
 * @config: the caller has called Config::validate() on it
 * @name: name of the disk in /dev
 * @store: the data of a disk with memory_backed=1, else NULL; must outlive the disk
 * @cache_limit: limit of the pages of all caches, which a disk with a cache needs; must outlive it
 * @has_data: true if the store may have data, and so partitions
 * @latency: distribution of completion times, with irqmode=2
 * @debug: the disk's debug features, or NULL; must outlive the disk
 * @shared_tags: tag sets to share if the disk has shared_tags=1, or NULL; must outlive the disk
 * @major: major number of the disk, whose minor number is then config.index; 0: the kernel
 *         chooses both
 */
struct DiskSettings {
	Config config;
	const char *name;
	Store *store = nullptr;
	PageLimit *cache_limit = nullptr;
	bool has_data = false;
	Distribution latency = {};
	DebugFeatures *debug = nullptr;
	SharedTags *shared_tags = nullptr;
	unsigned int major = 0;
};

/** ShownDisk - holds the GenDisk; allocated before add_disk(), after which nothing may fail */
struct ShownDisk {
	/* Set by make_disk() before it returns the object. */
	std::optional<kxx::GenDisk<Disk>> disk;

	// NOLINTNEXTLINE(bugprone-unchecked-optional-access): make_disk() has set it.
	kxx::GenDisk<Disk> &get() KXX_LIFETIMEBOUND { return *disk; }
};

/**
 * make_disk - creates a disk as a child of @parent, and shows it to user space
 *
 * Returns -EINVAL, and logs the reason, for bad zone settings; -ENOMEM; errors of
 * GenDisk::device_add(). Context: process, may sleep.
 */
kxx::Result<kxx::Box<ShownDisk>> make_disk(kxx::Device &parent,
					   const DiskSettings &settings) KXX_MAY_SLEEP;

} // namespace cxxnull
