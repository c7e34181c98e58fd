// SPDX-License-Identifier: GPL-2.0
// expect: remove must be: static void remove(BusDevice &, T &), with the T of probe
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static void remove(PlatformDevice &pdev, int &data);
#else
	static void remove(PlatformDevice &pdev, long &data);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
