// SPDX-License-Identifier: GPL-2.0
#include "driver.hpp"

using namespace kxx;

namespace cxxnull {

/* Synchronous, for power_on() to learn what came of it. */
constinit PlatformDriver<Driver>
	driver({ .name = "cxxnull", .probe_type = ProbeType::FORCE_SYNCHRONOUS }, ids);

Result<Box<GenDisk<Disk>>> Driver::probe(PlatformDevice &pdev)
{
	/* A device that root has given us by driver_override has other data, or none. */
	auto *data =
		pdev.get_device_id(ids) ? pdev.get_platdata<PoweredDisk::PlatformData>() : nullptr;

	if (!data)
		return ENODEV;

	auto &settings = *data->settings;
	auto made = Disk::add(pdev.dev(), settings.index, settings.params);

	settings.probed.set(made ? 0 : made.error().to_errno());
	return made;
}

Result<Box<PoweredDisk>> PoweredDisk::power_on(unsigned int index, const cxxnull_params &params)
{
	auto settings = KXX_TRY(Box<Settings>::make(GFP_KERNEL, index, params));
	auto pdev = KXX_TRY(
		PlatformDevice::register_full({ .name = "cxxnull", .id = static_cast<int>(index) },
					      PlatformData{ settings.as_raw() }));
	int probed = settings->probed.read();

	if (probed)
		return Errno::from_errno(probed);

	/* Nobody has called probe() if drivers_autoprobe is off, or memory was short. */
	auto attached = driver.device_driver_attach(*pdev);

	if (!attached && attached.error() != EBUSY)
		return attached.error();
	return Box<PoweredDisk>::make(GFP_KERNEL, std::move(settings), std::move(pdev));
}

} // namespace cxxnull
