// SPDX-License-Identifier: GPL-2.0
// expect: two attributes of one name
// compiler: g++
#include <kxx/device/device.hpp>

using namespace kxx;

void size_show(const int &size, SysfsBuffer &buffer);
void depth_show(const int &size, SysfsBuffer &buffer);

constexpr DeviceAttribute<size_show> size_attribute("size");
#ifndef MISUSE
constexpr DeviceAttribute<depth_show> depth_attribute("depth");
#else
constexpr DeviceAttribute<depth_show> depth_attribute("size");
#endif

using Attributes = DeviceAttributes<size_attribute, depth_attribute>;

const void *const *groups()
{
	return Attributes::groups;
}
