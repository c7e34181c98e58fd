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

Result<void> load()
{
#ifndef MISUSE
	auto registered = KXX_TRY(ModuleDriver<driver>::make());

	return {};
#else
	return Result<void>::from_errno(driver.driver_register());
#endif
}
