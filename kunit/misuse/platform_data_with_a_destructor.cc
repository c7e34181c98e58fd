// SPDX-License-Identifier: GPL-2.0
// expect: C copies it byte by byte
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

struct Settings {
	int value;
#ifdef MISUSE
	~Settings() { value = 0; }
#endif
};

Result<void> make(const Settings &settings)
{
	auto pdev = KXX_TRY(PlatformDevice::register_full({ .name = "null" }, settings));

	return {};
}
