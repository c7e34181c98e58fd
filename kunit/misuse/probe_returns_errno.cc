// SPDX-License-Identifier: GPL-2.0
// expect: probe must be: static Result<Box<T>> probe(BusDevice &), with the device of the driver's bus
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
#ifndef MISUSE
	static Result<Box<int>> probe(PlatformDevice &pdev);
#else
	static int probe(PlatformDevice &pdev);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
