// SPDX-License-Identifier: GPL-2.0
// expect: Use of memory after it is freed
// compiler: analyzer
#include <kxx/device/platform_device.hpp>

using namespace kxx;

void remove(Owned<PlatformDevice> pdev)
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
	pr_info("%s is gone\n", dev.name());
#endif
}
