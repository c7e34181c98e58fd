// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/device/device.hpp>
#include <kxx/device/platform_device.hpp>
#include <kxx/fs/sysfs.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

namespace attribute_format_wrong {
#ifndef MISUSE
void size_show(const unsigned int &size, SysfsBuffer &buffer)
#else
void size_show(const char *const &size, SysfsBuffer &buffer)
#endif
{
	buffer.emit("%u\n", size);
	// expected-warning@-1 {{format specifies type 'unsigned int' but the argument has type 'const char *'}}
}
} // namespace attribute_format_wrong

namespace attribute_of_a_name_twice {
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
	// expected-error@kxx/device/device.hpp:* {{two attributes of one name}}
	// expected-note@-2 {{requested here}}
}
} // namespace attribute_of_a_name_twice

namespace attribute_of_another_driver {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

#ifndef MISUSE
void size_show(const int &size, SysfsBuffer &buffer);
#else
void size_show(const long &size, SysfsBuffer &buffer);
#endif
constexpr DeviceAttribute<size_show> size_attribute("size");

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
	using DevGroups = DeviceAttributes<size_attribute>;
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/driver.hpp:* {{the attributes are for the data of another driver}}
// expected-note@-2 {{requested here}}
} // namespace attribute_of_another_driver

namespace attributes_private {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

void size_show(const int &size, SysfsBuffer &buffer);
constexpr DeviceAttribute<size_show> size_attribute("size");

class Null {
#ifdef MISUSE
private:
#else
public:
#endif
	using DevGroups = DeviceAttributes<size_attribute>;

public:
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/driver.hpp:* {{DevGroups must be public}}
// expected-note@-2 {{requested here}}
} // namespace attributes_private

namespace attribute_show_wrong_signature {
#ifndef MISUSE
void size_show(const int &size, SysfsBuffer &buffer);
#else
int size_show(const int &size, char *buffer);
#endif
[[maybe_unused]] constexpr DeviceAttribute<size_show> size_attribute("size");
// expected-error@kxx/device/device.hpp:* {{show must be: void show(const T &, SysfsBuffer &)}}
// expected-note@-2 {{requested here}}
} // namespace attribute_show_wrong_signature

namespace attribute_store_of_changeable_data {
#ifndef MISUSE
Result<void> size_store(const int &size, const SysfsInput &input);
#else
Result<void> size_store(int &size, const SysfsInput &input);
#endif
[[maybe_unused]] constexpr DeviceAttribute<nullptr, size_store> size_attribute("size");
// expected-error@kxx/device/device.hpp:* {{store must be: Result<void> store(const T &, const SysfsInput &)}}
// expected-note@-2 {{requested here}}
} // namespace attribute_store_of_changeable_data

namespace attribute_store_without_lock {
struct Data {
#ifndef MISUSE
	Mutex<unsigned int> depth;
#else
	unsigned int depth = 0;
#endif
};

/* Two tasks that write to the file run this function concurrently. */
static Result<void> depth_store(const Data &data, const SysfsInput &input) KXX_MAY_SLEEP
{
	unsigned int depth = KXX_TRY(input.kstrtouint());

#ifndef MISUSE
	*data.depth.lock() = depth;
#else
	data.depth = depth;
	// expected-error@-1 {{cannot assign to variable 'data' with const-qualified type}}
#endif
	return {};
}

constexpr DeviceAttribute<nullptr, depth_store> depth_attribute("depth");

const void *file()
{
	return &depth_attribute;
}
} // namespace attribute_store_without_lock

namespace attribute_store_wrong_signature {
#ifndef MISUSE
Result<void> size_store(const int &size, const SysfsInput &input);
#else
void size_store(const int &size, const SysfsInput &input);
#endif
[[maybe_unused]] constexpr DeviceAttribute<nullptr, size_store> size_attribute("size");
// expected-error@kxx/device/device.hpp:* {{store must be: Result<void> store(const T &, const SysfsInput &)}}
// expected-note@-2 {{requested here}}
} // namespace attribute_store_wrong_signature

namespace device_copied {
const char *name(PlatformDevice &pdev)
{
#ifndef MISUSE
	Device &dev = pdev.dev();
#else
	Device dev = pdev.dev(); // expected-error {{call to deleted constructor of 'Device'}}
#endif
	return dev.name();
}
} // namespace device_copied

namespace device_kept {
#ifndef MISUSE
Box<ARef<Device>> *last;

void keep(ARef<Device> &kept);

Result<Box<int>> probe(PlatformDevice &pdev) KXX_MAY_SLEEP
{
	ARef<Device> kept(pdev.dev());

	keep(kept);
	return Box<int>::make(GFP_KERNEL, 1);
}
#else
Device *last;

Result<Box<int>> probe(PlatformDevice &pdev) KXX_MAY_SLEEP
{
	last = &pdev.dev(); // expected-error {{overload resolution selected deleted operator '&'}}
	return Box<int>::make(GFP_KERNEL, 1);
}
#endif
} // namespace device_kept

namespace device_reference_copied {
ARef<Device> twice(const ARef<Device> &kept)
{
#ifndef MISUSE
	return kept.share();
#else
	return kept; // expected-error {{call to deleted constructor of 'ARef<Device>'}}
#endif
}
} // namespace device_reference_copied

namespace device_reference_from_raw_pointer {
#ifndef MISUSE
ARef<Device> keep(Device &dev)
{
	return ARef<Device>(dev);
}
#else
ARef<Device> keep(struct device *dev)
{
	return ARef<Device>(dev);
	// expected-error@-1 {{calling a private constructor of class 'kxx::ARef<Device>'}}
}
#endif
} // namespace device_reference_from_raw_pointer
