/* SPDX-License-Identifier: GPL-2.0 */
/*
 * driver.hpp - disks as platform devices, and the driver that binds to them
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/sync/atomic.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/device/platform_device.hpp>
#include <kxx/mm/slab.hpp>

#include "make_disk.hpp"
#include "params.h"

namespace cxxnull {

/** Driver - the platform driver: makes the disk of a device, and destroys it */
struct Driver {
	/** probe - makes the disk; -ENODEV for a device of no PoweredDisk, else as make_disk() */
	static kxx::Result<kxx::Box<ShownDisk>> probe(kxx::PlatformDevice &pdev) KXX_MAY_SLEEP;
	/** remove - the PoweredDisk can no longer reach the disk */
	static void remove(kxx::PlatformDevice &pdev, ShownDisk &disk) KXX_MAY_SLEEP;
};

inline constexpr auto ids = kxx::device_table({ kxx::PlatformDeviceId(CXXNULL_NAME) });
extern kxx::PlatformDriver<Driver> driver;

/**
 * PoweredDisk - a disk that is powered on: the platform device cxxnull.N
 *
 * The disk exists as long as the driver is bound to the device. Owns the device: destroying
 * this removes device and disk. Context: process, may sleep, the destructor too.
 */
class PoweredDisk {
public:
	/**
	 * power_on - registers the device, for which the driver makes the disk
	 * @settings: copied; what it points to outlives the result
	 *
	 * The driver must be registered. Errors of probe() and of register_full().
	 */
	static kxx::Result<kxx::Box<PoweredDisk>>
	power_on(const DiskSettings &settings) KXX_MAY_SLEEP;

	/**
	 * update_nr_hw_queues - changes the numbers of queues, as TagSet::update_nr_hw_queues()
	 *
	 * While the driver is unbound, the change is for the next disk.
	 */
	kxx::Result<void> update_nr_hw_queues(unsigned int submit_queues,
					      unsigned int poll_queues) KXX_MAY_SLEEP;

	/** set_zone_cond - as Disk's; -ENODEV while the driver is unbound */
	kxx::Result<void> set_zone_cond(sector_t sector, kxx::ZoneCond cond) KXX_MAY_SLEEP;

private:
	friend kxx::Box<PoweredDisk>;
	friend Driver;

	/* Input of probe(), each time that the driver is bound. */
	struct State {
		explicit State(const DiskSettings &settings) : settings(settings) {}

		DiskSettings settings;
		/* NULL while the driver is unbound. */
		kxx::GenDisk<Disk> *disk = nullptr;
	};
	struct Shared {
		explicit Shared(const DiskSettings &settings) : state(settings) {}

		kxx::Mutex<State> state;
		/* Result of the last probe: 0 or a negative errno, which the driver core drops. */
		kxx::Atomic probed{ 0 };
	};
	struct PlatformData {
		Shared *shared;
	};

	explicit PoweredDisk(kxx::Box<Shared> shared) : shared_(std::move(shared)) {}

	/* Destroyed after the device. */
	kxx::Box<Shared> shared_;
	std::optional<kxx::Owned<kxx::PlatformDevice>> pdev_;
};

} // namespace cxxnull
