// SPDX-License-Identifier: GPL-2.0
/*
 * thermostat.cc - a platform driver with attributes, and what devres gives back
 *
 * In the folder of the device thermostat.0, "target" can be read and written, "changes" can be read.
 */
#define pr_fmt(fmt) "thermostat: " fmt

#include <kxx/base/module.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/device/devres.hpp>
#include <kxx/device/platform_device.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

namespace {

/* What stands for a heater, that must be off when nobody minds it. */
class Heater {
public:
	~Heater() { pr_info("the heater is off\n"); }
};

class Room {
public:
	struct State {
		unsigned int target = 20;
		unsigned int changes = 0;
	};

	State state() const KXX_MAY_SLEEP
	{
		return state_.with_locked([](State &state) { return state; });
	}

	Result<void> set_target(unsigned int target) const KXX_MAY_SLEEP
	{
		if (target > 30)
			return ERANGE;

		auto state = state_.lock();

		state->target = target;
		state->changes++;
		return {};
	}

private:
	Mutex<State> state_;
};

void target_show(const Room &room, SysfsBuffer &buffer) KXX_MAY_SLEEP
{
	buffer.emit("%u\n", room.state().target);
}

Result<void> target_store(const Room &room, const SysfsInput &input) KXX_MAY_SLEEP
{
	return room.set_target(KXX_TRY(input.kstrtouint()));
}

void changes_show(const Room &room, SysfsBuffer &buffer) KXX_MAY_SLEEP
{
	buffer.emit("%u\n", room.state().changes);
}

constexpr DeviceAttribute<target_show, target_store> target_attribute("target");
constexpr DeviceAttribute<changes_show> changes_attribute("changes");

struct Thermostat {
	/* Attributes go first, then the Room, and the heater, which the device owns, at last. */
	static Result<Box<Room>> probe(PlatformDevice &pdev) KXX_MAY_SLEEP
	{
		KXX_TRY(devm_add_action_or_reset(pdev.dev(),
						 KXX_TRY(Box<Heater>::make(GFP_KERNEL))));
		return Box<Room>::make(GFP_KERNEL);
	}

	using DevGroups = DeviceAttributes<target_attribute, changes_attribute>;
};

constexpr auto ids = device_table({ PlatformDeviceId("thermostat") });
MODULE_DEVICE_TABLE(platform, ids);
constinit PlatformDriver<Thermostat> driver({ .name = "thermostat" }, ids);

/* The driver, and a device for it. */
class Module {
public:
	static Result<Box<Module>> make() KXX_MAY_SLEEP
	{
		auto registered = KXX_TRY(ModuleDriver<driver>::make());
		auto device = KXX_TRY(
			PlatformDevice::register_full({ .name = "thermostat", .id = 0 }, 0));

		return Box<Module>::make(GFP_KERNEL, std::move(registered), std::move(device));
	}

	Module(Box<ModuleDriver<driver>> registered, Owned<PlatformDevice> device)
		: driver_(std::move(registered)), device_(std::move(device))
	{
	}

private:
	/* Destroyed in reverse: the device is unbound first. */
	Box<ModuleDriver<driver>> driver_;
	Owned<PlatformDevice> device_;
};

} // namespace

KXX_MODULE(Module, Module::make);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kxx sample: a platform driver with attributes and devres");
