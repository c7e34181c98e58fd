// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with local variable 'kept' returned
#include <kxx/device/device.hpp>

using namespace kxx;

#ifndef MISUSE
ARef<Device> find(Device &dev)
{
	ARef<Device> kept(dev);

	return kept;
}
#else
Device &find(Device &dev)
{
	ARef<Device> kept(dev);

	return *kept;
}
#endif
