// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value of function declared with 'nodiscard' attribute
#include <kxx/device/platform_device.hpp>

using namespace kxx;

Result<void> make() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto pdev = KXX_TRY(PlatformDevice::register_full({ .name = "null" }, 1));
#else
	PlatformDevice::register_full({ .name = "null" }, 1);
#endif
	return {};
}
