// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::PlatformDriver<Driver>::PlatformDriver(const kxx::PlatformDriver<Driver>&)
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
#ifndef MISUSE
auto &same = driver;
#else
auto copy = driver;
#endif
