// SPDX-License-Identifier: GPL-2.0
// expect: probe must be: static Result<Box<T>> probe(BusDevice &), with the device of the driver's bus
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
#ifndef MISUSE
	static
#endif
		Result<Box<int>>
		probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
