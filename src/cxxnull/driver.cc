// SPDX-License-Identifier: GPL-2.0
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/printk.hpp>

#include "driver.hpp"

using namespace kxx;

namespace cxxnull {

/* Probes synchronously, so that power_on() gets the result. */
constinit PlatformDriver<Driver>
	driver({ .name = CXXNULL_NAME, .probe_type = ProbeType::FORCE_SYNCHRONOUS }, ids);

Result<Box<ShownDisk>> Driver::probe(PlatformDevice &pdev)
{
	/* A device that was bound by driver_override has other platform data, or none. */
	auto *data =
		pdev.get_device_id(ids) ? pdev.get_platdata<PoweredDisk::PlatformData>() : nullptr;

	if (!data)
		return ENODEV;

	auto &shared = *data->shared;
	auto state = shared.state.lock();
	auto made = make_disk(pdev.dev(), state->settings);

	shared.probed.set(made ? 0 : made.error().to_errno());
	if (!made)
		return made.error();

	auto disk = std::move(made).value();

	state->disk = &disk->get();
	return disk;
}

void Driver::remove(PlatformDevice &pdev, ShownDisk &)
{
	/* probe() has checked that there is platform data. */
	pdev.get_platdata<PoweredDisk::PlatformData>()->shared->state.lock()->disk = nullptr;
}

Result<Box<PoweredDisk>> PoweredDisk::power_on(const DiskSettings &settings)
{
	auto made = KXX_TRY(Box<PoweredDisk>::make(
		GFP_KERNEL, KXX_TRY(Box<Shared>::make(GFP_KERNEL, settings))));
	Shared *shared = made->shared_.as_raw();
	auto &pdev = made->pdev_.emplace(KXX_TRY(PlatformDevice::register_full(
		{ .name = CXXNULL_NAME, .id = static_cast<int>(settings.index) },
		PlatformData{ shared })));
	int probed = shared->probed.read();

	if (probed)
		return Errno::from_errno(probed);

	/* probe() was not called if drivers_autoprobe is off, or memory was short. */
	auto attached = driver.device_driver_attach(*pdev);

	if (!attached && attached.error() != EBUSY)
		return attached.error();
	if (settings.name)
		pr_info("disk %s created\n", settings.name);
	else
		pr_info("disk " CXXNULL_DISK "%u created\n", settings.index);
	return made;
}

Result<void> PoweredDisk::update_nr_hw_queues(unsigned int submit_queues, unsigned int poll_queues)
{
	auto state = shared_->state.lock();
	Config &config = state->settings.config;

	if (state->disk)
		KXX_TRY(state->disk->tags().update_nr_hw_queues(
			{ .default_queues = submit_queues, .poll_queues = poll_queues }));
	config.submit_queues = submit_queues;
	config.poll_queues = poll_queues;
	return {};
}

Result<void> PoweredDisk::set_zone_cond(sector_t sector, ZoneCond cond)
{
	auto state = shared_->state.lock();

	if (!state->disk)
		return ENODEV;
	return state->disk->driver().set_zone_cond(sector, cond);
}

} // namespace cxxnull
