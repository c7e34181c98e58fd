// SPDX-License-Identifier: GPL-2.0
/* Attributes of sysfs: show() and store() may take a mutex. */
#include <kxx/sync/mutex.hpp>
#include <kxx/device/platform_device.hpp>

using namespace kxx;

struct Data {
	Mutex<unsigned int> depth;
};

static void depth_show(const Data &data, SysfsBuffer &buffer) KXX_MAY_SLEEP
{
	buffer.emit("%u\n", *data.depth.lock());
}

static Result<void> depth_store(const Data &data, const SysfsInput &input) KXX_MAY_SLEEP
{
	*data.depth.lock() = KXX_TRY(input.kstrtouint());
	return {};
}

constexpr DeviceAttribute<depth_show, depth_store> depth_attribute("depth");

struct Null {
	static Result<Box<Data>> probe(PlatformDevice &) KXX_MAY_SLEEP
	{
		return Box<Data>::make(GFP_KERNEL);
	}
	using DevGroups = DeviceAttributes<depth_attribute>;
};

constexpr auto ids = device_table({ PlatformDeviceId("null") });
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
