// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/device/mod_devicetable.hpp>
#include <kxx/device/platform_device.hpp>

using namespace kxx;

namespace device_table_announced_for_another_bus {
#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null") });
#else
struct PciDeviceId {
	unsigned int vendor, device;
	constexpr bool matches_as(const PciDeviceId &other) const { return device == other.device; }
};
constexpr auto ids = device_table({ PciDeviceId{ 1, 2 } });
#endif
MODULE_DEVICE_TABLE(platform, ids); // expected-error {{the table is for another bus}}
} // namespace device_table_announced_for_another_bus

namespace device_table_in_writable_memory {
#ifndef MISUSE
[[maybe_unused]] constexpr auto ids = device_table({ PlatformDeviceId("null") });
#else
constexpr DeviceTable ids({ PlatformDeviceId("null") });
// expected-error@-1 {{calling a private constructor of class 'kxx::DeviceTable<kxx::PlatformDeviceId, 1>'}}
#endif
} // namespace device_table_in_writable_memory

namespace device_table_of_another_bus {
struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null") });
#else
struct PciDeviceId {
	unsigned int vendor, device;
	constexpr bool matches_as(const PciDeviceId &other) const { return device == other.device; }
};
constexpr auto ids = device_table({ PciDeviceId{ 1, 2 } });
#endif
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@-1 {{no matching constructor for initialization of 'PlatformDriver<Null>'}}
} // namespace device_table_of_another_bus

namespace device_table_of_names {
struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
#ifndef MISUSE
[[maybe_unused]] constexpr auto ids =
	device_table({ PlatformDeviceId("null"), PlatformDeviceId("zero") });
#else
constexpr auto ids = device_table("null", "zero");
// expected-error@-1 {{no matching function for call to 'device_table}}
#endif
} // namespace device_table_of_names

namespace device_table_on_the_stack {
struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
#ifndef MISUSE
constexpr auto ids = device_table({ PlatformDeviceId("null") });
#endif

struct platform_driver *make()
{
#ifdef MISUSE
	const auto ids = device_table({ PlatformDeviceId("null") });
#endif
	static PlatformDriver<Null> driver({ .name = "null" }, ids);
	// expected-error@-1 {{is not a constant expression}}

	return driver.raw();
}
} // namespace device_table_on_the_stack

namespace device_table_with_a_device_twice {
#ifndef MISUSE
[[maybe_unused]] constexpr auto ids =
	device_table({ PlatformDeviceId("null", 1), PlatformDeviceId("zero", 2) });
#else
constexpr auto ids = device_table({ PlatformDeviceId("null", 1), PlatformDeviceId("null", 2) });
// expected-error@-1 {{constexpr variable 'ids' must be initialized by a constant expression}}
// expected-error@-2 {{call to consteval function 'kxx::device_table<kxx::PlatformDeviceId, 2UL>' is not a}}
#endif
} // namespace device_table_with_a_device_twice

namespace device_table_with_a_name_too_long {
#ifndef MISUSE
[[maybe_unused]] constexpr PlatformDeviceId id("null");
#else
/* Longer than PLATFORM_NAME_SIZE of any kernel. */
constexpr PlatformDeviceId id(
	// expected-error@kxx/device/mod_devicetable.hpp:* {{the name is longer than a platform device's can be}}
	// expected-note@-2 {{requested here}}
	"0123456789012345678901234567890123456789012345678901234567890123456789"
	"0123456789012345678901234567890123456789012345678901234567890123456789"
	"0123456789012345678901234567890123456789012345678901234567890123456789");
#endif
} // namespace device_table_with_a_name_too_long

namespace device_table_with_an_end_of_its_own {
#ifndef MISUSE
[[maybe_unused]] constexpr auto ids = device_table({ PlatformDeviceId("null") });
#else
constexpr auto ids = device_table({ PlatformDeviceId("null"), PlatformDeviceId("") });
// expected-error@kxx/device/mod_devicetable.hpp:* {{an entry without a name would end the table}}
// expected-note@-2 {{requested here}}
#endif
} // namespace device_table_with_an_end_of_its_own
