// SPDX-License-Identifier: GPL-2.0
/* Attributes of sysfs: functions, methods and lambdas, which may take a mutex. */
#include <kxx/sync/mutex.hpp>
#include <kxx/device/platform_device.hpp>

using namespace kxx;

struct Data {
	void size_show(SysfsBuffer &buffer) const KXX_MAY_SLEEP
	{
		buffer.emit("%u\n", *size.lock());
	}
	Result<void> size_store(const SysfsInput &input) const KXX_MAY_SLEEP
	{
		*size.lock() = KXX_TRY(input.kstrtouint());
		return {};
	}

	Mutex<unsigned int> depth, size;
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
constexpr DeviceAttribute<&Data::size_show, &Data::size_store> size_attribute("size");
constexpr DeviceAttribute<[](const Data &data, SysfsBuffer &buffer) KXX_MAY_SLEEP {
	buffer.emit("%u\n", *data.depth.lock() + *data.size.lock());
}>
	sum_attribute("sum");

struct Null {
	static Result<Box<Data>> probe(PlatformDevice &) KXX_MAY_SLEEP
	{
		return Box<Data>::make(GFP_KERNEL);
	}
	using DevGroups = DeviceAttributes<depth_attribute, size_attribute, sum_attribute>;
};

constexpr auto ids = device_table({ PlatformDeviceId("null") });
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
