// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'device_table
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null"), PlatformDeviceId("zero") });
#else
constexpr auto ids = device_table("null", "zero");
#endif
