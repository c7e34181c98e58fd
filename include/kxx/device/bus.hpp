/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bus.hpp - callbacks of a driver that its bus calls
 * Mirrors the part of <linux/device/bus.h> that drivers use: probe, remove and
 * shutdown of struct bus_type. Glue: glue/device/device.h
 *
 * Each bus has its own header, with its device (such as PlatformDevice), its id table and
 * its driver (such as PlatformDriver).
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/sync/context.hpp>
#include <kxx/device/device.hpp>
#include <kxx/base/err.hpp>
#include <kxx/base/has_member.hpp>
#include <kxx/mm/slab.hpp>

namespace kxx {

namespace detail {

KXX_HAS_MEMBER(has_probe, probe);
KXX_HAS_MEMBER(has_remove, remove);
KXX_HAS_MEMBER(has_shutdown, shutdown);

struct NoData {};

/* The T of a probe() that returns a Result<Box<T>>. */
template <typename BusDevice, typename Probe> struct DataOfProbe {
	using type = NoData;
};
template <typename BusDevice, typename T, bool is_noexcept>
struct DataOfProbe<BusDevice, Result<Box<T>> (*)(BusDevice &) noexcept(is_noexcept)> {
	using type = T;
};

template <typename BusDevice, typename Driver> consteval auto data_of_driver()
{
	if constexpr (has_probe<Driver>) {
		using Data = typename DataOfProbe<BusDevice, decltype(&Driver::probe)>::type;

		static_assert(!std::is_same_v<Data, NoData>,
			      "probe must be: static Result<Box<T>> probe(BusDevice &), with the "
			      "device of the driver's bus");
		return std::type_identity<Data>();
	} else {
		static_assert(has_probe<Driver>, "a driver has a probe");
		return std::type_identity<NoData>();
	}
}

/*
 * Callbacks that the bus calls with its own type of device. The Box that probe() returned is the
 * device's drvdata until the end of remove(). The driver core holds the device lock during probe()
 * and remove(), calls remove() once for each successful probe(), and calls no other callback while
 * the device is not bound.
 */
template <typename BusDevice, typename Driver> class BusCallbacks {
	using Raw = typename BusDevice::Raw;

public:
	using Data = typename decltype(data_of_driver<BusDevice, Driver>())::type;

	static Data &data_of(Device &dev)
	{
		// SAFETY: the device is bound, see above: its drvdata is the Data from probe().
		return *static_cast<Data *>(dev.drvdata());
	}

	static int probe(Raw raw) KXX_MAY_SLEEP
	{
		BusDevice &device = BusDevice::from_raw(raw);
		Result<Box<Data>> made = Driver::probe(device);

		if (!made)
			return made.error().to_errno();
		device.dev().set_drvdata(std::move(made).value().into_raw());
		return 0;
	}

	static void remove(Raw raw) KXX_MAY_SLEEP
	{
		BusDevice &device = BusDevice::from_raw(raw);
		auto data = Box<Data>::from_raw(&data_of(device.dev()));

		if constexpr (has_remove<Driver>) {
			constexpr bool fits = std::is_convertible_v<decltype(&Driver::remove),
								    void (*)(BusDevice &, Data &)>;

			static_assert(fits, "remove must be: static void remove(BusDevice &, T &), "
					    "with the T of probe");
			if constexpr (fits)
				Driver::remove(device, *data);
		}
	}

	static void shutdown(Raw raw) KXX_MAY_SLEEP
	{
		constexpr bool fits = std::is_convertible_v<decltype(&Driver::shutdown),
							    void (*)(BusDevice &, const Data &)>;
		BusDevice &device = BusDevice::from_raw(raw);

		static_assert(fits,
			      "shutdown must be: static void shutdown(BusDevice &, const T &), "
			      "with the T of probe");
		if constexpr (fits)
			Driver::shutdown(device, data_of(device.dev()));
	}
};

} // namespace detail

} // namespace kxx
