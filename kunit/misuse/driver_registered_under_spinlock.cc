// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'make' while context
#include <kxx/device/platform_device.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

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

	return {};
}
