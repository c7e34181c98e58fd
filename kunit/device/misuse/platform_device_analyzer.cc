// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's static analyzer must find; checked by scripts/tests/misuse.
#include <kxx/device/platform_device.hpp>

using namespace kxx;

namespace platform_device_outlives_registration {
void remove(Owned<PlatformDevice> pdev) KXX_MAY_SLEEP
{
	Device &dev = pdev->dev();
#ifndef MISUSE
	ARef<Device> kept(dev);

	{
		auto gone = std::move(pdev);
	}
	pr_info("%s is gone\n", kept->name());
#else
	{
		auto gone = std::move(pdev);
	}
	pr_info("%s is gone\n", dev.name()); // expected-warning {{Use of memory after it is}}
#endif
}
} // namespace platform_device_outlives_registration
