// SPDX-License-Identifier: GPL-2.0
#include "watched_driver.hpp"

using namespace kxx;

namespace watched {

namespace {

constexpr auto ids =
	device_table({ PlatformDeviceId("kxx_watched", 1), PlatformDeviceId("kxx_other", 2) });

} // namespace

constinit PlatformDriver<Driver> driver({ .name = "kxx_watched" }, ids);

void value_show(const Data &data, SysfsBuffer &buffer) KXX_MAY_SLEEP
{
	buffer.emit("%u\n", *data.value.lock());
}

Result<void> value_store(const Data &data, const SysfsInput &input) KXX_MAY_SLEEP
{
	unsigned int value = KXX_TRY(input.kstrtouint());

	*data.value.lock() = value;
	return {};
}

void twice_show(const Data &data, SysfsBuffer &buffer) KXX_MAY_SLEEP
{
	buffer.emit("%u ", *data.value.lock());
	buffer.emit("%s\n", "and again");
}

Result<void> reset_store(const Data &data, const SysfsInput &input) KXX_MAY_SLEEP
{
	if (!input.sysfs_streq("all") && !KXX_TRY(input.kstrtobool()))
		return {};
	*data.value.lock() = 0;
	return {};
}

Result<Box<Data>> Driver::probe(PlatformDevice &pdev)
{
	const PlatformDeviceId *id = pdev.get_device_id(ids);

	trace.add("probe");
	matched = id ? id->driver_data : 0;
	KXX_TRY(devm_add_action_or_reset(pdev.dev(), KXX_TRY(Box<First>::make(GFP_KERNEL))));
	KXX_TRY(devm_add_action_or_reset(pdev.dev(), KXX_TRY(Box<Second>::make(GFP_KERNEL))));
	if (outcome == Outcome::FAILURE)
		return EIO;
	if (outcome == Outcome::DEFERRAL)
		return EPROBE_DEFER;
	return Box<Data>::make(GFP_KERNEL, pdev.dev());
}

void Driver::remove(PlatformDevice &, Data &)
{
	trace.add("remove");
}

void Driver::shutdown(PlatformDevice &, const Data &)
{
	trace.add("shutdown");
}

Result<void> Driver::suspend(PlatformDevice &, const Data &)
{
	trace.add("suspend");
	if (outcome == Outcome::FAILURE)
		return EBUSY;
	return {};
}

Result<void> Driver::resume(PlatformDevice &, const Data &)
{
	trace.add("resume");
	return {};
}

void Driver::sync_state(PlatformDevice &, const Data &)
{
	trace.add("sync_state");
}

} // namespace watched
