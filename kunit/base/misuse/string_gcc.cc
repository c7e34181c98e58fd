// SPDX-License-Identifier: GPL-2.0
// Mistakes that only GCC must refuse, while it optimises; checked by scripts/tests/misuse.
#include <kxx/base/string.hpp>

using namespace kxx;

struct Device {
	char name[4];
	void (*callback)();
};

namespace memcpy_from_beyond_a_member {
void show(char *to, const Device &device)
{
#ifndef MISUSE
	kxx::memcpy(to, device.name, sizeof(device.name));
#else
	kxx::memcpy(to, device.name, 32); // gcc-error
#endif
}
} // namespace memcpy_from_beyond_a_member

namespace memcpy_to_beyond_a_member {
void rename(Device &device, const char *from)
{
#ifndef MISUSE
	kxx::memcpy(device.name, from, sizeof(device.name));
#else
	kxx::memcpy(device.name, from, sizeof(device)); // gcc-error
#endif
}
} // namespace memcpy_to_beyond_a_member

namespace memset_beyond_a_member {
void clear(Device &device)
{
#ifndef MISUSE
	kxx::memset(device.name, 0, sizeof(device.name));
#else
	kxx::memset(device.name, 0, 5); // gcc-error
#endif
}
} // namespace memset_beyond_a_member
