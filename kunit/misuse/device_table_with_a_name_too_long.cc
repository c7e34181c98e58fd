// SPDX-License-Identifier: GPL-2.0
// expect: the name is longer than a platform device's can be
// compiler: g++
#include <kxx/device/mod_devicetable.hpp>

using namespace kxx;

#ifndef MISUSE
constexpr PlatformDeviceId id("null");
#else
/* Whatever the kernel, its limit is below this. */
constexpr PlatformDeviceId
	id("0123456789012345678901234567890123456789012345678901234567890123456789"
	   "0123456789012345678901234567890123456789012345678901234567890123456789"
	   "0123456789012345678901234567890123456789012345678901234567890123456789");
#endif
