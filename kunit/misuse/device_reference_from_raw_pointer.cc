// SPDX-License-Identifier: GPL-2.0
// expect: is private within this context
// compiler: g++
#include <kxx/device/device.hpp>

using namespace kxx;

#ifndef MISUSE
ARef<Device> keep(Device &dev)
{
	return ARef<Device>(dev);
}
#else
ARef<Device> keep(struct device *dev)
{
	return ARef<Device>(dev);
}
#endif
