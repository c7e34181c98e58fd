// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::Device::Device(const kxx::Device&)'
// compiler: g++
#include <kxx/device/platform_device.hpp>

using namespace kxx;

const char *name(PlatformDevice &pdev)
{
#ifndef MISUSE
	Device &dev = pdev.dev();
#else
	Device dev = pdev.dev();
#endif
	return dev.name();
}
