// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/device/platform_device.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace driver_registered_under_spinlock {
constexpr auto ids = device_table({ PlatformDeviceId("null") });

struct Null {
	static Result<Box<int>> probe(PlatformDevice &pdev);
};
constinit PlatformDriver<Null> driver({ .name = "null" }, ids);

Result<void> load(SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();

	*guard = 1;
#endif
	auto registered = KXX_TRY(ModuleDriver<driver>::make());
	// expected-warning@-1 {{cannot call function 'make' while context}}

	return {};
}
} // namespace driver_registered_under_spinlock

namespace platform_device_used_after_move {
void keep(Owned<PlatformDevice> pdev);

Result<int> make() KXX_MAY_SLEEP
{
	Owned<PlatformDevice> pdev = KXX_TRY(PlatformDevice::register_full({ .name = "null" }, 1));

#ifndef MISUSE
	int id = pdev->id();

	keep(std::move(pdev));
	return id;
#else
	keep(std::move(pdev));
	return pdev->id();
	// expected-warning@-1 {{invalid invocation of method 'operator->' on object 'pdev' while it is in the 'consumed' state}}
#endif
}
} // namespace platform_device_used_after_move

namespace platform_device_replaced_under_spinlock {
void replace(Owned<PlatformDevice> &pdev, Owned<PlatformDevice> other,
	     SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();
#endif
	pdev = std::move(other);
	// expected-warning@-1 {{cannot call function 'operator=' while context 'atomic' is held}}
}
} // namespace platform_device_replaced_under_spinlock

namespace platform_device_unregistered_under_spinlock {
void remove(Owned<PlatformDevice> pdev, SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();
#endif
	auto unregistered = std::move(pdev);
} // expected-warning {{cannot call function '~Owned' while context 'atomic' is held}}
} // namespace platform_device_unregistered_under_spinlock
