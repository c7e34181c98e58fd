/* SPDX-License-Identifier: GPL-2.0 */
/*
 * driver.hpp - the part of a driver that does not depend on its bus
 * Wraps <linux/device/driver.h> and the part of <linux/pm.h> that drivers use. Glue: none
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
 * A callback that the class does not have is NULL in the kernel's struct. A callback with a wrong
 * signature does not compile. The object that probe() returned belongs to the device: every other
 * callback gets it, and it is destroyed after remove(). All except remove() get it as const,
 * since requests, attributes and timers may use it at the same time: such a callback may change
 * only an Atomic or data in a lock. The compilers accept a `mutable` member and the object of a
 * Box without a lock; only KCSAN reports the race.
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
 * ProbeType - enum probe_type: may probe() run asynchronously?
 * @DEFAULT_STRATEGY: decided by the bus and by the kernel's command line
 * @PREFER_ASYNCHRONOUS: probe() may run in another thread
 * @FORCE_SYNCHRONOUS: probe() has returned when the device, or the driver, is registered
 */
enum class ProbeType : unsigned int {
	DEFAULT_STRATEGY = KXX_PROBE_DEFAULT_STRATEGY,
	PREFER_ASYNCHRONOUS = KXX_PROBE_PREFER_ASYNCHRONOUS,
	FORCE_SYNCHRONOUS = KXX_PROBE_FORCE_SYNCHRONOUS,
};

/**
 * DriverParameters - The members of struct device_driver other than callbacks
 * @name: the driver's name, unique on its bus
 * @probe_type: see ProbeType
 */
struct DriverParameters {
	const char *name;
	ProbeType probe_type = ProbeType::DEFAULT_STRATEGY;
};

namespace detail {

/* Deliberately not constexpr: a call in a constant expression fails, and shows this name. */
void a_driver_has_a_name();

KXX_HAS_MEMBER(names_dev_groups, DevGroups);
KXX_HAS_MEMBER(has_suspend, suspend);
KXX_HAS_MEMBER(has_resume, resume);
KXX_HAS_MEMBER(has_sync_state, sync_state);

/* Callbacks that the driver core itself calls, with a struct device. */
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
		constexpr bool fits = std::is_convertible_v<decltype(&Driver::sync_state),
							    void (*)(BusDevice &, const Data &)>;
		Device &dev = Device::from_raw(raw);

		static_assert(fits,
			      "sync_state must be: static void sync_state(BusDevice &, const T &), "
			      "with the T of probe");
		if constexpr (fits)
			Driver::sync_state(BusDevice::from_dev(dev), Bus::data_of(dev));
	}

	/* Same as SYSTEM_SLEEP_PM_OPS(): one pair for suspend and for hibernation. */
	static consteval auto make_pm()
	{
		Initializer<dev_pm_ops> made;

		if constexpr (has_suspend<Driver>) {
			constexpr bool fits =
				std::is_convertible_v<decltype(&Driver::suspend),
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
				std::is_convertible_v<decltype(&Driver::resume),
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
	/* Fills in the struct device_driver that is the member @Outer of @made. */
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
		/* What is private would count as absent. */
		static_assert(
			!names_dev_groups<Driver> || requires { typename Driver::DevGroups; },
			"DevGroups must be public");
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
 * ModuleDriver - The registration of a driver: module_driver() of C as an object
 * @driver: a static object, such as a PlatformDriver; any other does not compile
 *
 * The driver can be bound to devices from make() to the destructor. A module keeps the object from
 * its init to its exit. Has no data. Cannot be moved.
 *
 * Context of make() and the destructor: process, may sleep; both may call the driver.
 *
 *     Box<ModuleDriver<driver>> registered = KXX_TRY(ModuleDriver<driver>::make());
 */
template <auto &driver> class ModuleDriver {
public:
	/**
	 * make - Registers the driver, and binds it to matching devices
	 *
	 * Fails with -EBUSY if a driver of that name is registered, or with -ENOMEM. Succeeds even
	 * if probe() fails for a device: that device stays unbound.
	 */
	static Result<Box<ModuleDriver>> make() KXX_MAY_SLEEP
	{
		/* Allocate first: a later failure would bind devices only to unbind them. */
		auto memory = KXX_TRY(Box<Memory>::make(GFP_KERNEL));

		KXX_TRY(Result<void>::from_errno(driver.driver_register()));
		// SAFETY: the memory comes from a Box, so that from_raw() can take it, and is
		// larger than this class, which is empty.
		return Box<ModuleDriver>::from_raw(new (std::move(memory).into_raw()) ModuleDriver);
	}

	ModuleDriver(const ModuleDriver &) = delete;
	ModuleDriver &operator=(const ModuleDriver &) = delete;
	/** ~ModuleDriver - Unregisters the driver, and unbinds it from its devices */
	~ModuleDriver() KXX_MAY_SLEEP { driver.driver_unregister(); }

private:
	struct Memory {
		alignas(unsigned long long) unsigned char bytes[sizeof(unsigned long long)];
	};

	/* Only make() constructs this, after the registration. */
	ModuleDriver() = default;
};

} // namespace kxx
