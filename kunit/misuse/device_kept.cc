// SPDX-License-Identifier: GPL-2.0
// expect: overload resolution selected deleted operator '&'
#include <kxx/device/platform_device.hpp>

using namespace kxx;

#ifndef MISUSE
Box<ARef<Device>> *last;

void keep(ARef<Device> &kept);

Result<Box<int>> probe(PlatformDevice &pdev) KXX_MAY_SLEEP
{
	ARef<Device> kept(pdev.dev());

	keep(kept);
	return Box<int>::make(GFP_KERNEL, 1);
}
#else
Device *last;

Result<Box<int>> probe(PlatformDevice &pdev) KXX_MAY_SLEEP
{
	last = &pdev.dev();
	return Box<int>::make(GFP_KERNEL, 1);
}
#endif
