// SPDX-License-Identifier: GPL-2.0
// expect: the attributes are for the data of another driver
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

#ifndef MISUSE
void size_show(const int &size, SysfsBuffer &buffer);
#else
void size_show(const long &size, SysfsBuffer &buffer);
#endif
constexpr DeviceAttribute<size_show> size_attribute("size");

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
	using DevGroups = DeviceAttributes<size_attribute>;
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
