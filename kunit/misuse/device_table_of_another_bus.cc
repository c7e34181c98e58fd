// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::PlatformDriver<Null>::PlatformDriver
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null") });
#else
struct PciDeviceId {
	unsigned int vendor, device;
	constexpr bool matches_as(const PciDeviceId &other) const { return device == other.device; }
};
constexpr auto ids = device_table({ PciDeviceId{ 1, 2 } });
#endif
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
