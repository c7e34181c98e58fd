// SPDX-License-Identifier: GPL-2.0
// expect: an entry without a name would end the table
// compiler: g++
#include <kxx/device/mod_devicetable.hpp>

using namespace kxx;

#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null") });
#else
constexpr auto ids = device_table({ PlatformDeviceId("null"), PlatformDeviceId("") });
#endif
