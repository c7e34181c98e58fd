// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'operator->' on object 'pdev' while it is in the 'consumed' state
#include <kxx/device/platform_device.hpp>

using namespace kxx;

void keep(Owned<PlatformDevice> pdev);

Result<int> make() KXX_MAY_SLEEP
{
	Owned<PlatformDevice> pdev = KXX_TRY(PlatformDevice::register_full({ .name = "null" }, 1));

#ifndef MISUSE
	int id = pdev->id();

	keep(std::move(pdev));
	return id;
#else
	keep(std::move(pdev));
	return pdev->id();
#endif
}
