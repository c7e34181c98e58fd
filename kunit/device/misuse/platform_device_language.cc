// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/device/platform_device.hpp>

using namespace kxx;

namespace driver_copied {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
#ifndef MISUSE
auto &same = driver;
#else
auto copy = driver; // expected-error {{call to deleted constructor of 'PlatformDriver<Null>'}}
#endif
} // namespace driver_copied

namespace driver_made_at_run_time {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
#ifndef MISUSE
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
#else
void make(const char *name)
{
	PlatformDriver<Null> driver({ .name = name }, ids);
	// expected-error@-1 {{call to consteval function}}
}
#endif
} // namespace driver_made_at_run_time

namespace driver_on_the_stack {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};

#ifndef MISUSE
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
#endif

Result<void> load() KXX_MAY_SLEEP
{
#ifdef MISUSE
	PlatformDriver<Null> driver({ .name = "null" }, ids);
#endif
	return ModuleDriver<driver>::make() ? Result<void>() : EBUSY;
	// expected-error@-1 {{non-type template argument is not a constant expression}}
}
} // namespace driver_on_the_stack

namespace driver_register_ignored {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);

Result<void> load() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto registered = KXX_TRY(ModuleDriver<driver>::make());
#else
	ModuleDriver<driver>::make();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace driver_register_ignored

namespace driver_registered_by_hand {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);

Result<void> load() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto registered = KXX_TRY(ModuleDriver<driver>::make());

	return {};
#else
	return Result<void>::from_errno(driver.driver_register());
	// expected-error@-1 {{'driver_register' is a private member of 'kxx::Pla}}
#endif
}
} // namespace driver_registered_by_hand

namespace driver_registered_by_saying_so {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);

void load() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto registered = ModuleDriver<driver>::make();
#else
	ModuleDriver<driver> registered;
	// expected-error@-1 {{calling a private constructor of class 'kxx::Modul}}
#endif
}
} // namespace driver_registered_by_saying_so

namespace driver_without_name {
struct Null {
	static Result<Box<int>> probe(PlatformDevice &) KXX_MAY_SLEEP
	{
		return Box<int>::make(GFP_KERNEL, 1);
	}
};

constexpr auto ids = device_table({ PlatformDeviceId("null") });
#ifndef MISUSE
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
#else
constinit PlatformDriver<Null> driver({}, ids);
// expected-error@-1 {{variable does not have a constant initializer}}
// expected-error@-2 {{call to consteval function 'kxx::PlatformDriver<dr}}
#endif
} // namespace driver_without_name

namespace driver_without_probe {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
#ifndef MISUSE
	static Result<Box<int>> probe(PlatformDevice &pdev);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/bus.hpp:* {{a driver has a probe}}
// expected-error@kxx/device/bus.hpp:* {{no member named 'probe' in 'driver_without_probe::Null'}}
// expected-note@-3 {{requested here}}
// expected-note@*:* {{driver_without_probe::Null>::probe' requested here}}
} // namespace driver_without_probe

namespace platform_data_with_a_destructor {
struct Settings {
	int value;
#ifdef MISUSE
	~Settings() { value = 0; }
#endif
};

Result<void> make(const Settings &settings) KXX_MAY_SLEEP
{
	auto pdev = KXX_TRY(PlatformDevice::register_full({ .name = "null" }, settings));
	// expected-error@kxx/device/platform_device.hpp:* {{C copies it byte by byte}}
	// expected-note@-2 {{requested here}}

	return {};
}
} // namespace platform_data_with_a_destructor

namespace platform_device_kept {
struct Data {
#ifndef MISUSE
	/* A reference is safe: the data is destroyed before the device. */
	PlatformDevice &pdev;
#else
	PlatformDevice *pdev;
#endif
};

Result<Box<Data>> probe(PlatformDevice &pdev) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return Box<Data>::make(GFP_KERNEL, Data{ pdev });
#else
	return Box<Data>::make(GFP_KERNEL, Data{ &pdev });
	// expected-error@-1 {{overload resolution selected deleted operator '&'}}
#endif
}
} // namespace platform_device_kept

namespace platform_device_registration_ignored {
Result<void> make() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto pdev = KXX_TRY(PlatformDevice::register_full({ .name = "null" }, 1));
#else
	PlatformDevice::register_full({ .name = "null" }, 1);
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace platform_device_registration_ignored

namespace probe_not_static {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
#ifndef MISUSE
	static
#endif
		Result<Box<int>>
		probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/bus.hpp:* {{probe must be: static Result<Box<T>> probe(BusDevice &), with the device of the driver's bus}}
// expected-error@kxx/device/bus.hpp:* {{call to non-static member function without an object argument}}
// expected-note@-3 {{requested here}}
// expected-note@*:* {{probe_not_static::Null>::probe' requested here}}
} // namespace probe_not_static

namespace probe_returns_errno {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
#ifndef MISUSE
	static Result<Box<int>> probe(PlatformDevice &pdev);
#else
	static int probe(PlatformDevice &pdev);
	// expected-error@kxx/device/bus.hpp:* {{no viable conversion from 'int' to 'Result<Box<Data>>'}}
	// expected-note@*:* {{probe_returns_errno::Null>::probe' requested here}}
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/bus.hpp:* {{probe must be: static Result<Box<T>> probe(BusDevice &), with the device of the driver's bus}}
// expected-note@-2 {{requested here}}
} // namespace probe_returns_errno

namespace probe_wrong_signature {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
#ifndef MISUSE
	static Result<Box<int>> probe(PlatformDevice &pdev);
#else
	static Result<Box<int>> probe(Device &dev);
	// expected-error@kxx/device/bus.hpp:* {{non-const lvalue reference to type 'Device' cannot bind to a value of unrelated}}
	// expected-note@-2 {{here}}
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/bus.hpp:* {{probe must be: static Result<Box<T>> probe(BusDevice &), with the device of the driver's bus}}
// expected-note@-2 {{requested here}}
} // namespace probe_wrong_signature

namespace remove_data_of_another_driver {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static void remove(PlatformDevice &pdev, int &data);
#else
	static void remove(PlatformDevice &pdev, long &data);
	// expected-error@kxx/device/bus.hpp:* {{remove must be: static void remove(BusDevice &, T &), with the T of probe}}
	// expected-note@*:* {{remove_data_of_another_driver::Null>::remove' requested here}}
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
} // namespace remove_data_of_another_driver

namespace resume_of_changeable_data {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static Result<void> resume(PlatformDevice &pdev, const int &data);
#else
	static Result<void> resume(PlatformDevice &pdev, int &data);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/driver.hpp:* {{resume must be: static Result<void> resume(BusDevice &, const T &), with the T of probe}}
// expected-note@-2 {{requested here}}
} // namespace resume_of_changeable_data

namespace resume_wrong_signature {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static Result<void> resume(PlatformDevice &pdev, const int &data);
#else
	static Result<void> resume(Device &dev, int &data);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/driver.hpp:* {{resume must be: static Result<void> resume(BusDevice &, const T &), with the T of probe}}
// expected-note@-2 {{requested here}}
} // namespace resume_wrong_signature

namespace shutdown_of_changeable_data {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static void shutdown(PlatformDevice &pdev, const int &data);
#else
	static void shutdown(PlatformDevice &pdev, int &data);
	// expected-error@kxx/device/bus.hpp:* {{shutdown must be: static void shutdown(BusDevice &, const T &), with the T of probe}}
	// expected-note@*:* {{shutdown_of_changeable_data::Null>::shutdown' requested here}}
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
} // namespace shutdown_of_changeable_data

namespace shutdown_wrong_signature {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static void shutdown(PlatformDevice &pdev, const int &data);
#else
	static void shutdown(PlatformDevice &pdev);
	// expected-error@kxx/device/bus.hpp:* {{shutdown must be: static void shutdown(BusDevice &, const T &), with the T of probe}}
	// expected-note@*:* {{shutdown_wrong_signature::Null>::shutdown' requested here}}
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
} // namespace shutdown_wrong_signature

namespace suspend_of_changeable_data {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static Result<void> suspend(PlatformDevice &pdev, const int &data);
#else
	static Result<void> suspend(PlatformDevice &pdev, int &data);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/driver.hpp:* {{suspend must be: static Result<void> suspend(BusDevice &, const T &), with the T of probe}}
// expected-note@-2 {{requested here}}
} // namespace suspend_of_changeable_data

namespace suspend_returns_errno {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static Result<void> suspend(PlatformDevice &pdev, const int &data);
#else
	static int suspend(PlatformDevice &pdev, const int &data);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/driver.hpp:* {{suspend must be: static Result<void> suspend(BusDevice &, const T &), with the T of probe}}
// expected-note@-2 {{requested here}}
} // namespace suspend_returns_errno

namespace suspend_wrong_signature {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static Result<void> suspend(PlatformDevice &pdev, const int &data);
#else
	static Result<void> suspend(PlatformDevice &pdev, int data);
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
// expected-error@kxx/device/driver.hpp:* {{suspend must be: static Result<void> suspend(BusDevice &, const T &), with the T of probe}}
// expected-note@-2 {{requested here}}
} // namespace suspend_wrong_signature

namespace sync_state_of_changeable_data {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static void sync_state(PlatformDevice &pdev, const int &data);
#else
	static void sync_state(PlatformDevice &pdev, int &data);
	// expected-error@kxx/device/driver.hpp:* {{sync_state must be: static void sync_state(BusDevice &, const T &), with the T of probe}}
	// expected-note@*:* {{sync_state_of_changeable_data::Null>::sync_state' requested here}}
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
} // namespace sync_state_of_changeable_data

namespace sync_state_wrong_signature {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
#ifndef MISUSE
	static void sync_state(PlatformDevice &pdev, const int &data);
#else
	static void sync_state(Device &dev);
	// expected-error@kxx/device/driver.hpp:* {{sync_state must be: static void sync_state(BusDevice &, const T &), with the T of probe}}
	// expected-note@*:* {{sync_state_wrong_signature::Null>::sync_state' requested here}}
#endif
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);
} // namespace sync_state_wrong_signature
