/* SPDX-License-Identifier: GPL-2.0 */
/*
 * platform_device.hpp - the bus of devices that software makes
 * Wraps <linux/platform_device.h>. Glue: glue/device/platform_device.h
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/device/bus.hpp>
#include <kxx/device/device.hpp>
#include <kxx/device/driver.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/base/err.h>
#include <kxx/glue/device/platform_device.h>
#include <kxx/base/initializer.hpp>
#include <kxx/device/mod_devicetable.hpp>
#include <kxx/base/ownership.hpp>

KXX_LAYOUT(platform_driver);

namespace kxx {

/**
 * PlatformDeviceInfo - struct platform_device_info, as far as it is used
 * @name: what drivers go by, less than PLATFORM_NAME_SIZE bytes for an id table
 * @id: the device is called @name.@id; PLATFORM_DEVID_NONE for just @name
 */
struct PlatformDeviceInfo {
	const char *name;
	int id = KXX_PLATFORM_DEVID_NONE;
};

/**
 * PlatformDevice - struct platform_device, borrowed
 *
 * As Device. Context: any, except register_full().
 */
class PlatformDevice {
public:
	using Raw = struct platform_device *;

	PlatformDevice() = delete;
	PlatformDevice(const PlatformDevice &) = delete;
	PlatformDevice &operator=(const PlatformDevice &) = delete;
	PlatformDevice *operator&() = delete;
	const PlatformDevice *operator&() const = delete;

	/**
	 * register_full - platform_device_register_full(): makes a device and registers it
	 * @info: its name
	 * @data: copied, for the driver to find in dev_get_platdata()
	 *
	 * If there is a driver for it that probes synchronously, the device is bound when
	 * this returns, or its probe() has failed, which is no error here. -EEXIST for a
	 * name that is taken, -ENOMEM. Context: process, may sleep.
	 */
	template <typename T>
	static Result<Owned<PlatformDevice>> register_full(const PlatformDeviceInfo &info,
							   const T &data) KXX_MAY_SLEEP;

	/** dev - its struct device */
	Device &dev() KXX_LIFETIMEBOUND { return Device::from_raw(kxx_platform_device_dev(raw())); }

	/** id - see PlatformDeviceInfo */
	int id() const { return kxx_platform_device_id(raw()); }

	/**
	 * get_device_id - the entry of @table for the device; NULL if it is not in there
	 *
	 * As platform_get_device_id(), but what that has is of the table that matched
	 * last, be it another driver's; and NULL if driver_override or
	 * device_driver_attach() bound the device before any did.
	 */
	template <size_t n>
	const PlatformDeviceId *
	get_device_id(const DeviceTable<PlatformDeviceId, n> &table KXX_LIFETIMEBOUND) const
	{
		return table.find(kxx_platform_device_name(raw()));
	}

	/**
	 * get_platdata - dev_get_platdata(): what its maker left for the driver, or NULL
	 *
	 * Of what type that is, the name of the device tells, which get_device_id() goes
	 * by: driver_override binds a driver to a device of any other.
	 */
	template <typename T> const T *get_platdata() const KXX_LIFETIMEBOUND
	{
		static_assert(std::is_trivially_copyable_v<T>);
		return static_cast<const T *>(kxx_dev_get_platdata(raw()));
	}

	Raw raw() const
	{
		// SAFETY: as Device::raw().
		return reinterpret_cast<Raw>(const_cast<PlatformDevice *>(this));
	}
	static PlatformDevice &from_raw(Raw pdev)
	{
		// SAFETY: as Device::raw().
		return *reinterpret_cast<PlatformDevice *>(pdev);
	}

	/** from_dev - to_platform_device(): @dev must be one */
	static PlatformDevice &from_dev(Device &dev)
	{
		return from_raw(kxx_to_platform_device(dev.raw()));
	}
};

/**
 * Owned<PlatformDevice> - a platform device that is registered
 *
 * Its maker keeps this as long as the device must exist. Dropped, it is unbound
 * from its driver and unregistered, and destroyed when the last ARef to it goes.
 * Move-only. Context: process, may sleep to drop; not within a callback of its driver.
 */
template <> class [[nodiscard]] KXX_CONSUMABLE(unconsumed) Owned<PlatformDevice> {
public:
	using Raw = struct platform_device *;

	Owned(Owned &&other) : pdev_(std::exchange(other.pdev_, nullptr)) {}
	/** operator= - the device that this had before is unregistered */
	Owned &operator=(Owned &&other)
	{
		Owned old(std::move(*this));

		pdev_ = std::exchange(other.pdev_, nullptr);
		return *this;
	}
	Owned(const Owned &) = delete;
	Owned &operator=(const Owned &) = delete;
	/** ~Owned - platform_device_unregister() */
	~Owned()
	{
		if (pdev_)
			::platform_device_unregister(pdev_);
		KXX_FORGET(pdev_);
	}

	PlatformDevice *operator->() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: see Device::raw(); the device is ours while pdev_ is set.
		return reinterpret_cast<PlatformDevice *>(pdev_);
	}
	PlatformDevice &operator*() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return PlatformDevice::from_raw(pdev_);
	}

private:
	friend PlatformDevice;

	explicit Owned(Raw pdev) : pdev_(pdev) {}

	Raw pdev_;
};

template <typename T>
Result<Owned<PlatformDevice>> PlatformDevice::register_full(const PlatformDeviceInfo &info,
							    const T &data)
{
	static_assert(std::is_trivially_copyable_v<T>, "C copies it byte by byte");

	auto *pdev = kxx_platform_device_register_full(info.name, info.id, &data, sizeof(T));

	if (kxx_is_err(pdev)) {
		auto error = Errno::from_errno(kxx_ptr_err(pdev));

		/* platform_device_add() goes on if there is no memory for the name, and lacks one then. */
		return error == EINVAL ? ENOMEM : error;
	}
	return Owned<PlatformDevice>(pdev);
}

/**
 * PlatformDriver - struct platform_driver
 * @Driver: the class with its callbacks, see device/driver.hpp
 *
 * A static object: ModuleDriver takes no other, and the driver core writes to it while
 * it is registered. All that it points to is constant.
 *
 *     constinit PlatformDriver<Null> driver({ .name = "cxxnull" }, ids);
 */
template <typename Driver> class PlatformDriver {
public:
	/** PlatformDriver - @table: which devices it is for; static as well */
	template <size_t n>
	consteval PlatformDriver(const DriverParameters &parameters,
				 const DeviceTable<PlatformDeviceId, n> &table)
		: driver_(make(parameters, table.entries()))
	{
	}
	PlatformDriver(const PlatformDriver &) = delete;
	PlatformDriver &operator=(const PlatformDriver &) = delete;

	/**
	 * device_driver_attach - binds the driver, which must be registered, to @pdev
	 *
	 * Does not ask whether the two match. What probe() returned, but -EAGAIN for
	 * -EPROBE_DEFER; -EBUSY if @pdev is bound. Context: process, may sleep.
	 */
	Result<void> device_driver_attach(PlatformDevice &pdev) KXX_MAY_SLEEP
	{
		return Result<void>::from_errno(kxx_device_driver_attach(raw(), pdev.raw()));
	}

	struct platform_driver *raw() { return driver_.get(); }

private:
	template <auto &driver> friend class ModuleDriver;

	using Callbacks = detail::DriverCallbacks<PlatformDevice, Driver>;
	using Made = Initializer<platform_driver>;

	static consteval Made make(const DriverParameters &parameters,
				   const PlatformDeviceId *entries)
	{
		Made made;

		made.template set<KXX_MEMBER_platform_driver_probe>(Callbacks::probe);
		made.template set<KXX_MEMBER_platform_driver_kxx_compat_remove>(Callbacks::remove);
		if constexpr (detail::has_shutdown<Driver>)
			made.template set<KXX_MEMBER_platform_driver_shutdown>(Callbacks::shutdown);
		Callbacks::template set<KXX_MEMBER_platform_driver_driver>(made, parameters);
		/* Last: without a kernel all offsets are 0, and clang is to judge this one. */
		made.template set<KXX_MEMBER_platform_driver_id_table>(entries);
		return made;
	}

	int driver_register() KXX_MAY_SLEEP { return kxx_platform_driver_register(raw()); }
	void driver_unregister() KXX_MAY_SLEEP { ::platform_driver_unregister(raw()); }

	Made driver_;
};

} // namespace kxx
