// SPDX-License-Identifier: GPL-2.0
// expect: is private within this context
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);

void load()
{
#ifndef MISUSE
	auto registered = ModuleDriver<driver>::make();
#else
	ModuleDriver<driver> registered;
#endif
}
