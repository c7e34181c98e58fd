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
 * SharedTags - the tag set of all disks with shared_tags, made for the first of them
 *
 * Its settings are the module's parameters, not those of a disk. There are two tag sets: in
 * one, queue_rq may sleep, and in the other, it may not. Outlives the disks.
 * Context: process, may sleep.
 */
class SharedTags {
public:
	explicit SharedTags(const cxxnull_params &params) : config_(Config::from(params)) {}
	SharedTags(const SharedTags &) = delete;
	SharedTags &operator=(const SharedTags &) = delete;

	/** get - @blocking: queue_rq of the disk may sleep; -ENOMEM */
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
 * DiskSettings - everything that make_disk() needs
 * @config: the caller has called Config::complete() on it
 * @name: of the disk, as in /dev
 * @memory_bytes: the most bytes that the disk's store may hold
 * @page_limit: the most pages that the stores of all disks may hold, or NULL; must outlive the disk
 * @latency: how long requests take, with irqmode 2
 * @debug: the disk's debug features, or NULL; must outlive the disk
 * @shared_tags: the tags that it shares with other disks, or NULL; must outlive the disk
 * @major: major number of the disk, whose minor number is then config.index; 0: the kernel
 *         chooses both
 */
struct DiskSettings {
	Config config;
	const char *name;
	u64 memory_bytes = 0;
	PageLimit *page_limit = nullptr;
	Distribution latency = {};
	DebugFeatures *debug = nullptr;
	SharedTags *shared_tags = nullptr;
	unsigned int major = 0;
};

/** ShownDisk - a disk that user space sees; memory for it is allocated before add_disk() */
struct ShownDisk {
	/* Filled by make_disk(), which returns no empty one. */
	std::optional<kxx::GenDisk<Disk>> disk;

	// NOLINTNEXTLINE(bugprone-unchecked-optional-access): see above.
	kxx::GenDisk<Disk> &get() KXX_LIFETIMEBOUND { return *disk; }
};

/**
 * make_disk - a disk of @parent, shown to user space
 *
 * -EINVAL and a line in the log for bad zones, -ENOMEM, and what GenDisk::device_add()
 * returns. Context: process, may sleep.
 */
kxx::Result<kxx::Box<ShownDisk>> make_disk(kxx::Device &parent,
					   const DiskSettings &settings) KXX_MAY_SLEEP;

} // namespace cxxnull
