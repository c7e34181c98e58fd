// SPDX-License-Identifier: GPL-2.0
// expect: is private within this context
// compiler: g++
#include <kxx/device/mod_devicetable.hpp>

using namespace kxx;

#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null") });
#else
constexpr DeviceTable ids({ PlatformDeviceId("null") });
#endif
