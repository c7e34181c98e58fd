// SPDX-License-Identifier: GPL-2.0
// expect: sync_state must be: static void sync_state(BusDevice &, const T &), with the T of probe
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static void sync_state(PlatformDevice &pdev, const int &data);
#else
	static void sync_state(Device &dev);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
