/* SPDX-License-Identifier: GPL-2.0 */
/*
 * configfs.hpp - one group per disk; writing 1 to its file "power" creates the disk
 */
#pragma once

#include <utility>

#include <kxx/base/err.hpp>
#include <kxx/fs/configfs.hpp>
#include <kxx/mm/slab.hpp>

#include "nullb_device.hpp"

namespace cxxnull {

/** DiskGroups - the data of /sys/kernel/config/cxxnull: makes a group per disk */
class DiskGroups {
public:
	explicit DiskGroups(Common &common) : common_(common) {}
	DiskGroups(const DiskGroups &) = delete;
	DiskGroups &operator=(const DiskGroups &) = delete;

	/**
	 * make_group - mkdir: -EEXIST for a name of the nr_devices disks, -ENAMETOOLONG, -ENOMEM
	 */
	kxx::Result<kxx::Box<kxx::ConfigfsGroup<NullbDevice>>>
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

	/* void: its type depends on all attributes, which only configfs.cc knows. */
	void *subsystem_;
};

} // namespace cxxnull
