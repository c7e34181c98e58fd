// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::ARef<kxx::Device>::ARef(const kxx::ARef<kxx::Device>&)'
// compiler: g++
#include <kxx/device/device.hpp>

using namespace kxx;

ARef<Device> twice(const ARef<Device> &kept)
{
#ifndef MISUSE
	return kept.share();
#else
	return kept;
#endif
}
