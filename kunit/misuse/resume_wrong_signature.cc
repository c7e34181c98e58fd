// SPDX-License-Identifier: GPL-2.0
// expect: resume must be: static Result<void> resume(BusDevice &, const T &), with the T of probe
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static Result<void> resume(PlatformDevice &pdev, const int &data);
#else
	static Result<void> resume(Device &dev, int &data);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
