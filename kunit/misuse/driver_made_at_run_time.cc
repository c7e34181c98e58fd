// SPDX-License-Identifier: GPL-2.0
// expect: call to consteval function
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
#ifndef MISUSE
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
#else
void make(const char *name)
{
	PlatformDriver<Null> driver({ .name = name }, ids);
}
#endif
