/* SPDX-License-Identifier: GPL-2.0 */
/*
 * platform_device.hpp - the platform bus, for devices that software makes
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
 * PlatformDeviceInfo - Members of struct platform_device_info
 * @name: the name that drivers match; less than PLATFORM_NAME_SIZE bytes for an id table
 * @id: the device's name is @name.@id; PLATFORM_DEVID_NONE for @name alone
 */
struct PlatformDeviceInfo {
	const char *name;
	int id = KXX_PLATFORM_DEVID_NONE;
};

/**
 * PlatformDevice - struct platform_device, borrowed
 *
 * The rules of Device apply. Context: any, except register_full().
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
	 * register_full - platform_device_register_full(): makes and registers a device
	 * @info: the device's name
	 * @data: copied; the driver gets the copy from dev_get_platdata(), see get_platdata()
	 *
	 * If a driver matches and probes synchronously, register_full() returns after probe(); a
	 * failure of probe() is no error here. Fails with -EEXIST if the name exists, or with
	 * -ENOMEM. Context: process, may sleep.
	 */
	template <typename T>
	static Result<Owned<PlatformDevice>> register_full(const PlatformDeviceInfo &info,
							   const T &data) KXX_MAY_SLEEP;

	/** dev - Returns the struct device of this device */
	Device &dev() KXX_LIFETIMEBOUND { return Device::from_raw(kxx_platform_device_dev(raw())); }

	/** id - Returns the id; see PlatformDeviceInfo */
	int id() const { return kxx_platform_device_id(raw()); }

	/**
	 * get_device_id - Returns the entry of @table for the device, or NULL
	 *
	 * platform_get_device_id() of C is less reliable: it returns the entry that matched last,
	 * perhaps of another driver's table, or NULL if the device was bound by
	 * driver_override or device_driver_attach() before any driver matched.
	 */
	template <size_t n>
	const PlatformDeviceId *
	get_device_id(const DeviceTable<PlatformDeviceId, n> &table KXX_LIFETIMEBOUND) const
	{
		return table.find(kxx_platform_device_name(raw()));
	}

	/**
	 * get_platdata - dev_get_platdata(): returns the data passed to register_full(), or NULL
	 *
	 * The caller must know the type of the data from the device's name, as get_device_id()
	 * does: driver_override can bind a driver to a device of any name.
	 */
	template <typename T> const T *get_platdata() const KXX_LIFETIMEBOUND
	{
		static_assert(std::is_trivially_copyable_v<T>);
		return static_cast<const T *>(kxx_dev_get_platdata(raw()));
	}

	Raw raw() const
	{
		// SAFETY: the same as for Device::raw().
		return reinterpret_cast<Raw>(const_cast<PlatformDevice *>(this));
	}
	static PlatformDevice &from_raw(Raw pdev)
	{
		// SAFETY: the same as for Device::raw().
		return *reinterpret_cast<PlatformDevice *>(pdev);
	}

	/** from_dev - to_platform_device(): @dev must be part of a platform device */
	static PlatformDevice &from_dev(Device &dev)
	{
		return from_raw(kxx_to_platform_device(dev.raw()));
	}
};

/**
 * Owned<PlatformDevice> - A registered platform device
 *
 * The code that made the device keeps this as long as the device must exist. The destructor
 * unbinds the device from its driver and unregisters it; the device is freed with its last
 * ARef<Device>. Cannot be copied, only moved. Context of the destructor: process, may sleep; not
 * in a callback of the device's driver.
 */
template <> class [[nodiscard]] KXX_CONSUMABLE(unconsumed) Owned<PlatformDevice> {
public:
	using Raw = struct platform_device *;

	Owned(Owned &&other) : pdev_(std::exchange(other.pdev_, nullptr)) {}
	/** operator= - Unregisters the device that this had before */
	Owned &operator=(Owned &&other) KXX_MAY_SLEEP
	{
		Owned taken(std::move(other));

		std::swap(pdev_, taken.pdev_);
		return *this;
	}
	Owned(const Owned &) = delete;
	Owned &operator=(const Owned &) = delete;
	/** ~Owned - platform_device_unregister() */
	~Owned() KXX_MAY_SLEEP
	{
		if (pdev_)
			::platform_device_unregister(pdev_);
		KXX_FORGET(pdev_);
	}

	PlatformDevice *operator->() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: see Device::raw(). This owns the device as long as pdev_ is set.
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

		/* Without memory for the device's name, platform_device_add() returns -EINVAL. */
		return error == EINVAL ? ENOMEM : error;
	}
	return Owned<PlatformDevice>(pdev);
}

/**
 * PlatformDriver - struct platform_driver
 * @Driver: the class with the callbacks, see device/driver.hpp
 *
 * Must be a static object, which ModuleDriver requires: the driver core writes to it while
 * it is registered. The tables that it points to are constant.
 *
 *     constinit PlatformDriver<Null> driver({ .name = "cxxnull" }, ids);
 */
template <typename Driver> class PlatformDriver {
public:
	/** PlatformDriver - Makes the driver for the devices in @table, a static object as well */
	template <size_t n>
	consteval PlatformDriver(const DriverParameters &parameters,
				 const DeviceTable<PlatformDeviceId, n> &table)
		: driver_(make(parameters, table.entries()))
	{
	}
	PlatformDriver(const PlatformDriver &) = delete;
	PlatformDriver &operator=(const PlatformDriver &) = delete;

	/**
	 * device_driver_attach - device_driver_attach(): binds this registered driver to @pdev
	 *
	 * Does not check whether the two match. Fails with -EBUSY if @pdev is bound, or with the
	 * error of probe(), where -EPROBE_DEFER becomes -EAGAIN. Context: process, may sleep.
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
		/* Last, since without a kernel all offsets are 0 and clang must see this value. */
		made.template set<KXX_MEMBER_platform_driver_id_table>(entries);
		return made;
	}

	int driver_register() KXX_MAY_SLEEP { return kxx_platform_driver_register(raw()); }
	void driver_unregister() KXX_MAY_SLEEP { ::platform_driver_unregister(raw()); }

	Made driver_;
};

} // namespace kxx
