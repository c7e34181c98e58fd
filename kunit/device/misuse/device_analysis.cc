// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/device/device.hpp>

using namespace kxx;

namespace device_outlives_its_reference {
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
	// expected-warning@-1 {{reference to stack memory associated with local variable 'kept' returned}}
}
#endif
} // namespace device_outlives_its_reference

namespace device_reference_used_after_move {
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
	// expected-warning@-1 {{invalid invocation of method 'operator->' on object 'kept' while it is in the 'consumed' state}}
#endif
}
} // namespace device_reference_used_after_move
