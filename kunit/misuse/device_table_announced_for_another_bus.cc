// SPDX-License-Identifier: GPL-2.0
// expect: the table is for another bus
// compiler: g++
#include <kxx/device/mod_devicetable.hpp>

using namespace kxx;

#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null") });
#else
struct PciDeviceId {
	unsigned int vendor, device;
	constexpr bool matches_as(const PciDeviceId &other) const { return device == other.device; }
};
constexpr auto ids = device_table({ PciDeviceId{ 1, 2 } });
#endif
MODULE_DEVICE_TABLE(platform, ids);
