/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.hpp - a device; its bus makes and destroys it, a driver borrows it
 * Wraps <linux/device.h>. Glue: glue/device/device.h
 *
 * Documentation/driver-model.rst describes the life cycle of devices and drivers.
 */
#pragma once

#include <stddef.h>
#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/device/device.h>
#include <kxx/base/initializer.hpp>
#include <kxx/base/ownership.hpp>
#include <kxx/fs/sysfs.hpp>

KXX_LAYOUT(attribute_group);
KXX_LAYOUT(device_attribute);

struct device_attribute;

namespace kxx {

namespace detail {

template <typename BusDevice, typename Driver> class BusCallbacks;

} // namespace detail

/**
 * Device - struct device, borrowed
 *
 * No object of this type is ever constructed: a callback gets a reference, valid during the call.
 * The object that probe() returns may store the reference, since that object is destroyed before
 * the device. Other code must take an ARef<Device> to keep the device. The address of a Device
 * cannot be taken, since a pointer could outlive the device. Clang's analyzer reports the
 * use of a reference after its Owned<PlatformDevice> was dropped, if both are in the same file.
 * Context: any.
 */
class Device {
public:
	Device() = delete;
	Device(const Device &) = delete;
	Device &operator=(const Device &) = delete;
	Device *operator&() = delete;
	const Device *operator&() const = delete;

	/** name - dev_name() */
	const char *name() const KXX_LIFETIMEBOUND { return kxx_dev_name(raw()); }

	/** raw - Returns the struct device, borrowed, for calls of C functions */
	struct device *raw() const
	{
		// SAFETY: a Device & is always made from a struct device *, so its address is
		// that of the struct device. C functions take no const struct device *, so const
		// is cast away.
		return reinterpret_cast<struct device *>(const_cast<Device *>(this));
	}

	/** from_raw - Returns the Device at @dev, valid as long as @dev */
	static Device &from_raw(struct device *dev)
	{
		// SAFETY: see raw().
		return *reinterpret_cast<Device *>(dev);
	}

private:
	template <typename BusDevice, typename Driver> friend class detail::BusCallbacks;
	template <auto show, auto store> friend class DeviceAttribute;

	/* The object that probe() returned; NULL while no driver is bound. Set by bus.hpp. */
	void *drvdata() const { return kxx_dev_get_drvdata(raw()); }
	void set_drvdata(void *data) { kxx_dev_set_drvdata(raw(), data); }
};

/**
 * ARef<Device> - A reference that keeps the struct device from being freed
 *
 * get_device() and put_device(). The device can still be unbound and unregistered. Cannot be
 * copied, only moved.
 *
 * Context of the constructor: any. Context of the destructor: one in which the device's release()
 * may be called.
 *
 *     ARef<Device> kept(pdev.dev());
 */
template <> class [[nodiscard]] KXX_CONSUMABLE(unconsumed) ARef<Device> {
public:
	using Raw = struct device *;

	/** ARef - get_device() */
	explicit ARef(Device &dev) : dev_(::get_device(dev.raw())) {}
	ARef(ARef &&other) : dev_(std::exchange(other.dev_, nullptr)) {}
	/** operator= - Drops the old reference with put_device() */
	ARef &operator=(ARef &&other)
	{
		ARef taken(std::move(other));

		std::swap(dev_, taken.dev_);
		return *this;
	}
	ARef(const ARef &) = delete;
	ARef &operator=(const ARef &) = delete;
	~ARef()
	{
		if (dev_)
			::put_device(dev_);
	}

	/** share - Makes another reference to the same device */
	ARef share() const KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return ARef(Device::from_raw(dev_));
	}

	Device *operator->() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: see Device::raw(). The reference keeps the struct device allocated.
		return reinterpret_cast<Device *>(dev_);
	}
	Device &operator*() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return Device::from_raw(dev_);
	}

	/** into_raw - Releases the reference to the caller, who must pass it to from_raw() later */
	[[nodiscard("nobody else puts the device")]] Raw into_raw() && KXX_SET_TYPESTATE(consumed)
	{
		return std::exchange(dev_, nullptr);
	}
	/** from_raw - Takes over the reference that into_raw() returned; never NULL */
	static ARef from_raw(Raw dev) { return ARef(dev); }

private:
	explicit ARef(Raw dev) : dev_(dev) {}

	Raw dev_;
};

/**
 * DeviceAttribute - struct device_attribute: a sysfs file of a bound device
 * @show: void (const T &, SysfsBuffer &), or nullptr if the file cannot be read
 * @store: Result<void> (const T &, const SysfsInput &), or nullptr if it cannot be written
 *
 * T is the object that probe() of the device's driver returns; the driver lists the attribute in
 * its DevGroups. @show and @store may also be lambdas without captures, or const methods of T,
 * without the first parameter; a lambda that uses KXX_TRY() needs a name, a constexpr variable. The
 * attribute is a constant, which the kernel does not write to. The file's mode is that of
 * DEVICE_ATTR_RO(), DEVICE_ATTR_WO() or DEVICE_ATTR_RW().
 *
 * Context of both: process, may sleep; not after remove() has begun. Several calls may run at
 * once, so T is const: store() may change only an Atomic or data in a Mutex. The compilers accept
 * a `mutable` member and the object of a Box without a lock; only KCSAN reports the race.
 *
 *     constexpr DeviceAttribute<size_show> size_attribute("size");
 */
template <auto show, auto store = nullptr> class DeviceAttribute {
	static constexpr bool can_show = !std::is_null_pointer_v<decltype(show)>;
	static constexpr bool can_store = !std::is_null_pointer_v<decltype(store)>;

	using ShowData = typename detail::DataOfShow<decltype(show)>::type;
	using StoreData = typename detail::DataOfStore<decltype(store)>::type;

	static_assert(!can_show || !std::is_void_v<ShowData>,
		      "show must be: void show(const T &, SysfsBuffer &)");
	static_assert(!can_store || !std::is_void_v<StoreData>,
		      "store must be: Result<void> store(const T &, const SysfsInput &)");
	static_assert(can_show || can_store, "an attribute has a show or a store");
	static_assert(!(can_show && can_store) || std::is_same_v<ShowData, StoreData>,
		      "show and store must take the data of the same driver");

public:
	using Data = std::conditional_t<can_show, ShowData, StoreData>;

	/** DeviceAttribute - Makes the attribute with the file name @name */
	template <size_t n>
	consteval explicit DeviceAttribute(const char (&name)[n])
		: attribute_(make(name)), name_(name)
	{
		static_assert(n > 1, "an attribute has a name");
	}
	DeviceAttribute(const DeviceAttribute &) = delete;
	DeviceAttribute &operator=(const DeviceAttribute &) = delete;

	/** name - Returns the file name */
	constexpr const char *name() const { return name_; }

private:
	using Attribute = Initializer<device_attribute>;

	/* Returns auto, since Data is void after a failed static_assert: no second error then. */
	static const auto &data_of(struct device *dev)
	{
		// SAFETY: the driver core adds the file after a successful probe(), and removes it
		// before remove() (device_add_groups() and device_remove_groups() in
		// drivers/base/dd.c). DriverCallbacks checks that the driver's object is a Data.
		return *static_cast<const Data *>(Device::from_raw(dev).drvdata());
	}

	static ssize_t do_show(struct device *dev, struct device_attribute *,
			       char *page) KXX_MAY_SLEEP
	{
		SysfsBuffer buffer(page);

		detail::call_attribute<show>(data_of(dev), buffer);
		return buffer.length();
	}

	static ssize_t do_store(struct device *dev, struct device_attribute *, const char *text,
				size_t count) KXX_MAY_SLEEP
	{
		Result<void> stored = detail::call_attribute<store>(data_of(dev), SysfsInput(text));

		return stored ? static_cast<ssize_t>(count) : stored.to_errno();
	}

	static consteval Attribute make(const char *name)
	{
		using Attr = KXX_MEMBER_device_attribute_attr;

		Attribute attribute;

		attribute.template set<KXX_MEMBER_attribute_name, Attr>(name);
		attribute.template set<KXX_MEMBER_attribute_mode, Attr>((can_show ? 0444 : 0) |
									(can_store ? 0200 : 0));
		if constexpr (can_show)
			attribute.template set<KXX_MEMBER_device_attribute_show>(do_show);
		if constexpr (can_store)
			attribute.template set<KXX_MEMBER_device_attribute_store>(do_store);
		return attribute;
	}

	Attribute attribute_;
	const char *name_;
};

/**
 * DeviceAttributes - The attributes of a driver's devices, in one group without a name
 *
 * The dev_groups of struct device_driver in C. The driver declares:
 *
 *     using DevGroups = DeviceAttributes<size_attribute, depth_attribute>;
 */
template <const auto &first, const auto &...more> class DeviceAttributes {
public:
	using Data = typename std::remove_cvref_t<decltype(first)>::Data;

	/* The kernel does not write to this array, although its pointer to it is not const. */
	static constexpr const void *attrs[] = { &first, &more..., nullptr };

private:
	static_assert((std::is_same_v<Data, typename std::remove_cvref_t<decltype(more)>::Data> &&
		       ...),
		      "attributes of different drivers");
	static_assert(detail::names_differ(first.name(), more.name()...),
		      "two attributes of one name");

	static consteval auto make()
	{
		Initializer<attribute_group> made;

		made.set<KXX_MEMBER_attribute_group_attrs>(attrs);
		return made;
	}

	static constexpr auto group = make();

public:
	static constexpr const void *groups[] = { &group, nullptr };
};

} // namespace kxx
