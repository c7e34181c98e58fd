/* SPDX-License-Identifier: GPL-2.0 */
/*
 * driver.hpp - the part of a driver that does not depend on its bus
 * Wraps <linux/device/driver.h>, and of <linux/pm.h> what a driver says. Glue: none
 *
 * A driver is a class with callbacks as static members, and one static object:
 *
 *     struct Null {
 *             static Result<Box<Disk>> probe(PlatformDevice &pdev);
 *             static void remove(PlatformDevice &pdev, Disk &disk);           // optional
 *             static void shutdown(PlatformDevice &pdev, const Disk &disk); // optional
 *             static Result<void> suspend(PlatformDevice &pdev, const Disk &disk); // optional
 *             static Result<void> resume(PlatformDevice &pdev, const Disk &disk); // optional
 *             static void sync_state(PlatformDevice &pdev, const Disk &disk); // optional
 *             using DevGroups = DeviceAttributes<size_attribute>;             // optional
 *     };
 *     constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
 *
 * A callback that the class does not have is NULL in its struct; one with another
 * signature does not compile. What probe() returned is the device's own data: it is
 * lent to every other callback, and destroyed after remove(). All but remove() get it as
 * const: requests, attributes and timers go on meanwhile, so what such a callback changes is
 * in a lock or is an Atomic. No compiler refuses a `mutable` member without; KCSAN reports it.
 */
#pragma once

#include <new>
#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/device/bus.hpp>
#include <kxx/device/device.hpp>
#include <kxx/base/err.hpp>
#include <kxx/base/has_member.hpp>
#include <kxx/base/initializer.hpp>
#include <kxx/mm/slab.hpp>

KXX_LAYOUT(dev_pm_ops);

namespace kxx {

/**
 * ProbeType - enum probe_type: whether probe() may run beside the one who brings driver
 * and device together
 * @DEFAULT_STRATEGY: as the bus and the command line have it
 * @PREFER_ASYNCHRONOUS: it may
 * @FORCE_SYNCHRONOUS: it has ended when the device, or the driver, is registered
 */
enum class ProbeType : unsigned int {
	DEFAULT_STRATEGY = KXX_PROBE_DEFAULT_STRATEGY,
	PREFER_ASYNCHRONOUS = KXX_PROBE_PREFER_ASYNCHRONOUS,
	FORCE_SYNCHRONOUS = KXX_PROBE_FORCE_SYNCHRONOUS,
};

/**
 * DriverParameters - the members of struct device_driver that are no callbacks
 * @name: of the driver, one of its kind on its bus
 * @probe_type: see ProbeType
 */
struct DriverParameters {
	const char *name;
	ProbeType probe_type = ProbeType::DEFAULT_STRATEGY;
};

namespace detail {

/* Not constexpr: a call of it ends the compilation with its name. */
void a_driver_has_a_name();

KXX_HAS_MEMBER(has_suspend, suspend);
KXX_HAS_MEMBER(has_resume, resume);
KXX_HAS_MEMBER(has_sync_state, sync_state);

/* The callbacks of a driver that the driver core calls itself, with any bus's device. */
template <typename BusDevice, typename Driver>
class DriverCallbacks : public BusCallbacks<BusDevice, Driver> {
	using Bus = BusCallbacks<BusDevice, Driver>;
	using Data = typename Bus::Data;

	static int suspend(struct device *raw) KXX_MAY_SLEEP
	{
		Device &dev = Device::from_raw(raw);

		return Driver::suspend(BusDevice::from_dev(dev), Bus::data_of(dev)).to_errno();
	}

	static int resume(struct device *raw) KXX_MAY_SLEEP
	{
		Device &dev = Device::from_raw(raw);

		return Driver::resume(BusDevice::from_dev(dev), Bus::data_of(dev)).to_errno();
	}

	static void sync_state(struct device *raw) KXX_MAY_SLEEP
	{
		constexpr bool fits = std::is_same_v<decltype(&Driver::sync_state),
						     void (*)(BusDevice &, const Data &)>;
		Device &dev = Device::from_raw(raw);

		static_assert(fits,
			      "sync_state must be: static void sync_state(BusDevice &, const T &), "
			      "with the T of probe");
		if constexpr (fits)
			Driver::sync_state(BusDevice::from_dev(dev), Bus::data_of(dev));
	}

	/* As SYSTEM_SLEEP_PM_OPS() has it: one pair for memory and for disk. */
	static consteval auto make_pm()
	{
		Initializer<dev_pm_ops> made;

		if constexpr (has_suspend<Driver>) {
			constexpr bool fits =
				std::is_same_v<decltype(&Driver::suspend),
					       Result<void> (*)(BusDevice &, const Data &)>;

			static_assert(fits,
				      "suspend must be: static Result<void> suspend(BusDevice &, "
				      "const T &), with the T of probe");
			if constexpr (fits) {
				made.template set<KXX_MEMBER_dev_pm_ops_suspend>(suspend);
				made.template set<KXX_MEMBER_dev_pm_ops_freeze>(suspend);
				made.template set<KXX_MEMBER_dev_pm_ops_poweroff>(suspend);
			}
		}
		if constexpr (has_resume<Driver>) {
			constexpr bool fits =
				std::is_same_v<decltype(&Driver::resume),
					       Result<void> (*)(BusDevice &, const Data &)>;

			static_assert(fits,
				      "resume must be: static Result<void> resume(BusDevice &, "
				      "const T &), with the T of probe");
			if constexpr (fits) {
				made.template set<KXX_MEMBER_dev_pm_ops_resume>(resume);
				made.template set<KXX_MEMBER_dev_pm_ops_thaw>(resume);
				made.template set<KXX_MEMBER_dev_pm_ops_restore>(resume);
			}
		}
		return made;
	}

	static constexpr auto pm = make_pm();

public:
	/* Sets what the driver has in the struct device_driver that is the member @Outer of @made. */
	template <typename Outer, typename Made>
	static consteval void set(Made &made, const DriverParameters &parameters)
	{
		if (!parameters.name || !*parameters.name)
			a_driver_has_a_name();
		made.template set<KXX_MEMBER_device_driver_name, Outer>(parameters.name);
		made.template set<KXX_MEMBER_device_driver_probe_type, Outer>(
			static_cast<enum probe_type>(parameters.probe_type));
		if constexpr (has_suspend<Driver> || has_resume<Driver>)
			made.template set<KXX_MEMBER_device_driver_pm, Outer>(&pm);
		if constexpr (has_sync_state<Driver>)
			made.template set<KXX_MEMBER_device_driver_sync_state, Outer>(sync_state);
		if constexpr (requires { typename Driver::DevGroups; }) {
			static_assert(std::is_same_v<typename Driver::DevGroups::Data, Data>,
				      "the attributes are for the data of another driver");
			made.template set<KXX_MEMBER_device_driver_dev_groups, Outer>(
				Driver::DevGroups::groups);
		}
	}
};

} // namespace detail

/**
 * ModuleDriver - a driver that is registered: module_driver() of C, as an object
 * @driver: a static object, such as a PlatformDriver; anything else does not compile
 *
 * From make() to the destructor the driver can be bound to devices. It has no state:
 * there is one exactly as long as the driver is registered. A module holds it from
 * its init to its exit. Pinned.
 *
 * Context: process, may sleep, both to make and to drop; either calls the driver.
 *
 *     Box<ModuleDriver<driver>> registered = KXX_TRY(ModuleDriver<driver>::make());
 */
template <auto &driver> class ModuleDriver {
public:
	/**
	 * make - registers the driver, which binds it to the devices that match
	 *
	 * -EBUSY if a driver of that name is registered, -ENOMEM. Succeeds even if probe()
	 * fails for a device: that device stays unbound.
	 */
	static Result<Box<ModuleDriver>> make() KXX_MAY_SLEEP
	{
		/* First what can fail without a trace: no driver comes just to go again. */
		auto memory = KXX_TRY(Box<Memory>::make(GFP_KERNEL));

		KXX_TRY(Result<void>::from_errno(driver.driver_register()));
		// SAFETY: the memory is of Box's own kind, and has room for this class,
		// which is empty.
		return Box<ModuleDriver>::from_raw(new (std::move(memory).into_raw()) ModuleDriver);
	}

	ModuleDriver(const ModuleDriver &) = delete;
	ModuleDriver &operator=(const ModuleDriver &) = delete;
	/** ~ModuleDriver - unregisters the driver, which unbinds it from its devices */
	~ModuleDriver() KXX_MAY_SLEEP { driver.driver_unregister(); }

private:
	struct Memory {
		alignas(unsigned long long) unsigned char bytes[sizeof(unsigned long long)];
	};

	/* After the registration, in make(). */
	ModuleDriver() = default;
};

} // namespace kxx
