// SPDX-License-Identifier: GPL-2.0
// expect: shutdown must be: static void shutdown(BusDevice &, const T &), with the T of probe
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static void shutdown(PlatformDevice &pdev, const int &data);
#else
	static void shutdown(PlatformDevice &pdev, int &data);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
