// SPDX-License-Identifier: GPL-2.0
/* nullb_device.cc - powers a disk on and off, binds the driver to it and unbinds the driver */
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/printk.hpp>

#include "nullb_device.hpp"

using namespace kxx;

namespace cxxnull {

/* Probes synchronously, so that power_on() gets the result of probe(). */
constinit PlatformDriver<NullbDriver>
	driver({ .name = CXXNULL_NAME, .probe_type = ProbeType::FORCE_SYNCHRONOUS }, ids);

namespace {

/* Limit for all disks: half the RAM, or the parameter pool if more, but at most 7/8 of the RAM. */
u64 limit_bytes(const cxxnull_params &params)
{
	u64 ram = totalram_bytes();
	u64 pool = u64{ params.pool } << 20;
	u64 most = pool > ram / 2 ? pool : ram / 2;

	return most < ram - ram / 8 ? most : ram - ram / 8;
}

/*
 * Limit for all caches: a quarter of the memory that the data of the disks cannot take. By default
 * this is an eighth of the RAM, and never less than a 32nd.
 */
u64 cache_limit_bytes(const cxxnull_params &params)
{
	return (totalram_bytes() - limit_bytes(params)) / 4;
}

} // namespace

Common::Common(const cxxnull_params &params, BlockMajor major)
	: params(params), major(std::move(major)), shared_tags(params),
	  page_limit(limit_bytes(params) / KXX_PAGE_SIZE),
	  cache_limit(cache_limit_bytes(params) / KXX_PAGE_SIZE)
{
}

bool Common::is_ours(const char *name) const
{
	const char *prefix = CXXNULL_DISK;
	unsigned int number = 0;

	while (*prefix)
		if (*name++ != *prefix++)
			return false;
	/* Accept a number only as "%u" prints it: without leading zeroes. */
	if (!*name || (*name == '0' && name[1]))
		return false;
	for (; *name; name++) {
		if (*name < '0' || *name > '9' || number > params.nr_devices)
			return false;
		number = 10 * number + static_cast<unsigned int>(*name - '0');
	}
	return number < params.nr_devices;
}

u64 Common::pool_bytes(unsigned int nr_disks) const
{
	/* By default the disks share half the RAM, so that full disks leave memory for others. */
	return params.pool ? u64{ params.pool } << 20 : totalram_bytes() / 2 / nr_disks;
}

Result<Box<ShownDisk>> NullbDriver::probe(PlatformDevice &pdev)
{
	/* Another driver's device, bound by driver_override, has other platform data, or none. */
	auto *data =
		pdev.get_device_id(ids) ? pdev.get_platdata<NullbDevice::PlatformData>() : nullptr;

	if (!data)
		return ENODEV;
	return data->device->probe(pdev.dev());
}

void NullbDriver::remove(PlatformDevice &pdev, ShownDisk &)
{
	/* NullbDriver::probe() has checked that the platform data is not NULL. */
	pdev.get_platdata<NullbDevice::PlatformData>()->device->bound_.lock()->disk = nullptr;
}

NullbDevice::NullbDevice(Common &common, const char *name, u64 memory_bytes,
			 Box<DebugFeatures> debug)
	: common_(common), memory_bytes_(memory_bytes), debug_(std::move(debug))
{
	for (size_t i = 0; i + 1 < sizeof(name_) && name[i]; i++)
		name_[i] = name[i];
	settings_.lock()->config = Config::from(common.params);
	debugfs_.emplace(common, name_, *debug_);
}

void NullbDevice::dropped()
{
	power_off();
	/*
	 * Remove the debugfs directory now: user space may create a group of the same name before
	 * the last reference to this group is dropped.
	 */
	debugfs_.reset();
}

Result<Box<ShownDisk>> NullbDevice::probe(Device &parent) const
{
	auto bound = bound_.lock();
	auto made = probe(parent, *bound);

	bound->probe_err = made ? 0 : made.error().to_errno();
	return made;
}

Result<Box<ShownDisk>> NullbDevice::probe(Device &parent, Bound &bound) const
{
	Settings settings = *settings_.lock();
	const Config &config = settings.config;
	std::optional<Box<Store>> fresh;
	Store *store = nullptr;

	if (config.memory_backed) {
		/* Its size does not depend on the disk's, which may be another one next time. */
		if (!bound.store)
			fresh.emplace(KXX_TRY(Store::make(memory_bytes_, &common_.page_limit)));
		store = (fresh ? *fresh : *bound.store).as_raw();
	}

	auto disk = KXX_TRY(make_disk(parent, {
						      .config = config,
						      .name = name_,
						      .store = store,
						      .cache_limit = &common_.cache_limit,
						      .has_data = store && !fresh,
						      .latency = settings.latency,
						      .debug = debug_.as_raw(),
						      .shared_tags = &common_.shared_tags,
						      .major = common_.major.number(),
					      }));

	if (fresh)
		bound.store = std::move(fresh);
	bound.has_polled = config.poll_queues;
	bound.disk = &disk->get();
	return disk;
}

Result<void> NullbDevice::power_on(unsigned int min_index) const
{
	auto power = power_.lock();

	if (power->pdev)
		return {};

	auto index = KXX_TRY(common_.indexes.alloc_min(min_index, GFP_KERNEL));
	Settings settings = *settings_.lock();
	auto validated = settings.config.validate(name_, common_.params);

	if (validated)
		settings.config.index = index.number();
	/* Store what was corrected, as null_blk, even if the next value was refused. */
	*settings_.lock() = settings;
	KXX_TRY(validated);
	if (settings.latency.kind != LatencyKind::CONSTANT && settings.config.irqmode != 2)
		pr_info("%s: latency is ignored without irqmode=2\n", name_);

	bound_.lock()->probe_err = 0;

	/* Binds the device before it returns, so NullbDriver::probe() has made the disk then. */
	auto pdev = KXX_TRY(PlatformDevice::register_full(
		{ .name = CXXNULL_NAME, .id = static_cast<int>(index.number()) },
		PlatformData{ this }));

	if (int err = bound_.lock()->probe_err)
		return Errno::from_errno(err);

	/*
	 * Bind the device if register_full() has not, because drivers_autoprobe is off or memory
	 * was short. Returns -EBUSY for a device that is bound.
	 */
	auto attached = driver.device_driver_attach(*pdev);

	if (!attached && attached.error() != EBUSY)
		return attached.error();
	/* As null_blk does from 6.10 on; before, the block layer cannot emulate it. */
	if (settings.config.zoned && !KXX_IS_NULL_BLK_BLOCKS_FIRST)
		pr_info("%s: using %s zone append\n", name_,
			settings.config.zone_append_max_sectors ? "native" : "emulated");
	pr_info("disk %s created\n", name_);
	power->pdev.emplace(std::move(pdev));
	power->index.emplace(std::move(index));
	settings_.lock()->on = true;
	return {};
}

void NullbDevice::power_off() const
{
	auto power = power_.lock();

	settings_.lock()->on = false;
	power->pdev.reset();
	power->index.reset();
}

Result<void> NullbDevice::update_queues(Bound &bound, const Config &config) const
{
	if (config.shared_tags) {
		pr_err("%s: shared_tags=1: must be 0 for the queues to change while the disk is "
		       "on\n",
		       name_);
		return EINVAL;
	}
	if (!config.submit_queues || config.submit_queues > nr_cpu_ids()) {
		pr_err("%s: submit_queues=%u: must be a number from 1 to %u while the disk is on\n",
		       name_, config.submit_queues, nr_cpu_ids());
		return EINVAL;
	}
	if (config.poll_queues > common_.max_poll_queues()) {
		pr_err("%s: poll_queues=%u: must be a number from 0 to %u while the disk is on\n",
		       name_, config.poll_queues, common_.max_poll_queues());
		return EINVAL;
	}
	/* The driver is unbound: the disk gets the new queues when it is bound again. */
	if (!bound.disk)
		return {};

	unsigned int poll_queues = config.poll_queues;

	/*
	 * A tag set has a map of queues only for the types that it was made with, so poll queues
	 * cannot be added. null_blk makes a queue that no CPU uses, or fails with -ENOMEM if there
	 * are more queues than CPUs.
	 */
	if (poll_queues && !bound.has_polled) {
		if (poll_queues > nr_cpu_ids() - config.submit_queues) {
			pr_err("%s: poll_queues=%u: must be a number from 0 to %u, because the "
			       "disk was switched on without poll queues\n",
			       name_, poll_queues, nr_cpu_ids() - config.submit_queues);
			return ENOMEM;
		}
		pr_info("%s: poll_queues=%u: takes effect when the disk is switched on again\n",
			name_, poll_queues);
		poll_queues = 0;
	}
	return bound.disk->tags().update_nr_hw_queues(
		{ .default_queues = config.submit_queues, .poll_queues = poll_queues });
}

} // namespace cxxnull
