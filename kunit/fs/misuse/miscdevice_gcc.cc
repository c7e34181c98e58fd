// SPDX-License-Identifier: GPL-2.0
// Mistakes that only GCC must refuse, while it optimises; checked by scripts/tests/misuse.
#include <kxx/fs/miscdevice.hpp>

using namespace kxx;

namespace copy_to_user_beyond_an_array {
Result<size_t> read(UserOutput &to) KXX_MAY_SLEEP
{
	char text[16] = "text";

#ifndef MISUSE
	return to.copy_to_user(text, sizeof(text));
#else
	return to.copy_to_user(text, 32); // gcc-error
#endif
}
} // namespace copy_to_user_beyond_an_array

namespace simple_read_from_beyond_a_member {
struct Device {
	char name[16];
	void *secret;
};

Result<size_t> read(UserOutput &to, const Device &device) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return to.simple_read_from_buffer(device.name, sizeof(device.name));
#else
	return to.simple_read_from_buffer(device.name, sizeof(device)); // gcc-error
#endif
}
} // namespace simple_read_from_beyond_a_member
