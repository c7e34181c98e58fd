/* SPDX-License-Identifier: GPL-2.0 */
/*
 * driver.hpp - disks as platform devices, and the driver that binds to them
 */
#pragma once

#include <utility>

#include <kxx/atomic.hpp>
#include <kxx/err.hpp>
#include <kxx/platform_device.hpp>
#include <kxx/slab.hpp>

#include "disk.hpp"
#include "params.h"

namespace cxxnull {

/** Driver - the platform driver: makes the disk of a device, and takes it away */
struct Driver {
	/** probe - -ENODEV for a device that is not a PoweredDisk's, else as Disk::add() */
	static kxx::Result<kxx::Box<kxx::GenDisk<Disk>>>
	probe(kxx::PlatformDevice &pdev) KXX_MAY_SLEEP;
};

inline constexpr auto ids = kxx::device_table({ kxx::PlatformDeviceId("cxxnull") });
extern kxx::PlatformDriver<Driver> driver;

/**
 * PoweredDisk - a disk that is configured and on: the platform device cxxnull.N
 *
 * There is a disk cxxnullbN as long as the driver is bound to the device. Owns the
 * device; dropped, device and disk go. Context: process, may sleep, also to drop.
 */
class PoweredDisk {
public:
	/**
	 * power_on - makes the device, and the driver its disk
	 * @params: outlives the result
	 *
	 * The driver must be registered. What probe() returns, and register_full().
	 */
	static kxx::Result<kxx::Box<PoweredDisk>>
	power_on(unsigned int index, const cxxnull_params &params) KXX_MAY_SLEEP;

private:
	friend kxx::Box<PoweredDisk>;
	friend Driver;

	struct Settings {
		Settings(unsigned int index, const cxxnull_params &params)
			: index(index), params(params)
		{
		}

		const unsigned int index;
		const cxxnull_params &params;
		/* Of the last probe: 0 or a negative errno, which the driver core keeps to itself. */
		kxx::Atomic probed{ 0 };
	};
	struct PlatformData {
		Settings *settings;
	};

	PoweredDisk(kxx::Box<Settings> settings, kxx::Owned<kxx::PlatformDevice> pdev)
		: settings_(std::move(settings)), pdev_(std::move(pdev))
	{
	}

	/* Goes after the device. */
	kxx::Box<Settings> settings_;
	kxx::Owned<kxx::PlatformDevice> pdev_;
};

} // namespace cxxnull
