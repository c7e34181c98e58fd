// SPDX-License-Identifier: GPL-2.0
// expect: overload resolution selected deleted operator '&'
#include <kxx/device/platform_device.hpp>

using namespace kxx;

struct Data {
#ifndef MISUSE
	/* Goes before the device does. */
	PlatformDevice &pdev;
#else
	PlatformDevice *pdev;
#endif
};

Result<Box<Data>> probe(PlatformDevice &pdev) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return Box<Data>::make(GFP_KERNEL, Data{ pdev });
#else
	return Box<Data>::make(GFP_KERNEL, Data{ &pdev });
#endif
}
