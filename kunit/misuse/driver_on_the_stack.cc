// SPDX-License-Identifier: GPL-2.0
// expect: non-type template argument is not a constant expression
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};

#ifndef MISUSE
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
#endif

Result<void> load() KXX_MAY_SLEEP
{
#ifdef MISUSE
	PlatformDriver<Null> driver({ .name = "null" }, ids);
#endif
	return ModuleDriver<driver>::make() ? Result<void>() : EBUSY;
}
