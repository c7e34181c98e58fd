// SPDX-License-Identifier: GPL-2.0
// expect: is not a constant expression
#include <kxx/device/platform_device.hpp>

using namespace kxx;

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null") });
#endif

struct platform_driver *make()
{
#ifdef MISUSE
	const auto ids = device_table({ PlatformDeviceId("null") });
#endif
	static PlatformDriver<Null> driver({ .name = "null" }, ids);

	return driver.raw();
}
