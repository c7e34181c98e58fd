// SPDX-License-Identifier: GPL-2.0
// expect: two_entries_of_a_device_table_are_for_the_same_device
// compiler: g++
#include <kxx/device/mod_devicetable.hpp>

using namespace kxx;

#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null", 1), PlatformDeviceId("zero", 2) });
#else
constexpr auto ids = device_table({ PlatformDeviceId("null", 1), PlatformDeviceId("null", 2) });
#endif
