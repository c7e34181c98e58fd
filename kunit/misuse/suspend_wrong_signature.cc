// SPDX-License-Identifier: GPL-2.0
// expect: suspend must be: static Result<void> suspend(BusDevice &, const T &), with the T of probe
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static Result<void> suspend(PlatformDevice &pdev, const int &data);
#else
	static Result<void> suspend(PlatformDevice &pdev, int data);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
