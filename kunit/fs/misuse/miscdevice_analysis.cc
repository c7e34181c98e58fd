// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/base/sprintf.hpp>
#include <kxx/fs/miscdevice.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Text {
	char bytes[64];
};

struct Memo {
	struct File {};

	Result<Box<File>> open() const KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }
};

namespace user_memory_copied_under_a_spinlock {
#ifndef MISUSE
Result<size_t> write(Mutex<Text> &text, UserInput &from) KXX_MAY_SLEEP
#else
Result<size_t> write(SpinLock<Text> &text, UserInput &from) KXX_MAY_SLEEP
#endif
{
	auto guard = text.lock();

	return from.copy_from_user(guard->bytes);
	// expected-warning@-1 {{cannot call function 'copy_from_user' while context 'atomic' is held}}
}
} // namespace user_memory_copied_under_a_spinlock

namespace miscdevice_used_after_a_move {
const Memo &driver_of(MiscDevice<Memo> device, Result<MiscDevice<Memo>> (*keep)(MiscDevice<Memo>))
{
	auto kept = keep(std::move(device));

#ifdef MISUSE
	device.driver();
	// expected-warning@-1 {{invalid invocation of method 'driver' on object 'device' while it is in the 'consumed' state}}
#endif
	static constinit const Memo memo;

	return memo;
}
} // namespace miscdevice_used_after_a_move

namespace miscdevice_deregistered_under_a_spinlock {
void remove(MiscDevice<Memo> device, SpinLock<Text> &text) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*text.lock() = {};
#else
	auto guard = text.lock();
#endif
	auto deregistered = std::move(device);
} // expected-warning {{cannot call function '~MiscDevice' while context 'atomic' is held}}
} // namespace miscdevice_deregistered_under_a_spinlock

namespace miscdevice_name_local {
Result<MiscDevice<Memo>> make([[maybe_unused]] int number) KXX_MAY_SLEEP
{
	auto memo = KXX_TRY(Box<Memo>::make(GFP_KERNEL));

#ifndef MISUSE
	return MiscDevice<Memo>::make("memo", std::move(memo));
#else
	char name[16];

	scnprintf(name, sizeof(name), "memo%d", number);
	return MiscDevice<Memo>::make(name, std::move(memo));
	// expected-warning@-1 {{address of stack memory associated with local variable 'name' returned}}
#endif
}
} // namespace miscdevice_name_local
