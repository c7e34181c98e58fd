// SPDX-License-Identifier: GPL-2.0
// expect: store must be: Result<void> store(const T &, const SysfsInput &)
// compiler: g++
#include <kxx/device/device.hpp>

using namespace kxx;

#ifndef MISUSE
Result<void> size_store(const int &size, const SysfsInput &input);
#else
void size_store(const int &size, const SysfsInput &input);
#endif
constexpr DeviceAttribute<nullptr, size_store> size_attribute("size");
