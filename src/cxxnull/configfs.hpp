/* SPDX-License-Identifier: GPL-2.0 */
/*
 * configfs.hpp - one group per disk; writing 1 to its file "power" creates the disk
 */
#pragma once

#include <kxx/base/err.hpp>

#include "nullb_device.hpp"

namespace cxxnull {

/**
 * configfs_register - makes /sys/kernel/config/cxxnull; from then on user space makes disks
 * @common: must exist until configfs_unregister()
 *
 * Call it once. -ENOMEM, -EEXIST. Context: process, may sleep.
 */
kxx::Result<void> configfs_register(Common &common) KXX_MAY_SLEEP;
/** configfs_unregister - removes the directory; no group may exist */
void configfs_unregister() KXX_MAY_SLEEP;

} // namespace cxxnull
