// SPDX-License-Identifier: GPL-2.0
// expect: show must be: void show(const T &, SysfsBuffer &)
// compiler: g++
#include <kxx/device/device.hpp>

using namespace kxx;

#ifndef MISUSE
void size_show(const int &size, SysfsBuffer &buffer);
#else
int size_show(const int &size, char *buffer);
#endif
constexpr DeviceAttribute<size_show> size_attribute("size");
