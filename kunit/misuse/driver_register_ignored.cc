// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value of function declared with 'nodiscard' attribute
#include <kxx/device/platform_device.hpp>

using namespace kxx;

constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);

Result<void> load() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto registered = KXX_TRY(ModuleDriver<driver>::make());
#else
	ModuleDriver<driver>::make();
#endif
	return {};
}
