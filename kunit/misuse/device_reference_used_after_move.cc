// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'operator->' on object 'kept' while it is in the 'consumed' state
#include <kxx/device/device.hpp>

using namespace kxx;

void keep(ARef<Device> kept);

bool has_name(Device &dev)
{
	ARef<Device> kept(dev);

#ifndef MISUSE
	bool name = *kept->name();

	keep(std::move(kept));
	return name;
#else
	keep(std::move(kept));
	return *kept->name();
#endif
}
