// SPDX-License-Identifier: GPL-2.0
// expect: cannot assign to variable 'data' with const-qualified type
#include <kxx/sync/mutex.hpp>
#include <kxx/device/platform_device.hpp>

using namespace kxx;

struct Data {
#ifndef MISUSE
	Mutex<unsigned int> depth;
#else
	unsigned int depth = 0;
#endif
};

/* Two who write to the file at once are here at once. */
static Result<void> depth_store(const Data &data, const SysfsInput &input) KXX_MAY_SLEEP
{
	unsigned int depth = KXX_TRY(input.kstrtouint());

#ifndef MISUSE
	*data.depth.lock() = depth;
#else
	data.depth = depth;
#endif
	return {};
}

constexpr DeviceAttribute<nullptr, depth_store> depth_attribute("depth");

const void *file()
{
	return &depth_attribute;
}
