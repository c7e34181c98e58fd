// SPDX-License-Identifier: GPL-2.0
// expect: a_driver_has_a_name()
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

struct Null {
	static Result<Box<int>> probe(PlatformDevice &) KXX_MAY_SLEEP
	{
		return Box<int>::make(GFP_KERNEL, 1);
	}
};

constexpr auto ids = device_table({ PlatformDeviceId("null") });
#ifndef MISUSE
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
#else
constinit PlatformDriver<Null> driver({}, ids);
#endif
