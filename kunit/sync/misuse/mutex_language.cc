// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

namespace mutex_copied {
unsigned long reads(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto &same = stats;
#else
	auto same = stats; // expected-error {{call to deleted constructor of 'Mutex<Stats>'}}
#endif

	return same.lock()->reads;
}
} // namespace mutex_copied

namespace mutex_guard_address_taken {
struct Queue {
	unsigned int length = 0;
};

class Ring {
public:
	void add() KXX_MAY_SLEEP
	{
		auto guard = queue_.lock();

		guard->length++;
#ifdef MISUSE
		held_ = &guard;
		// expected-error@-1 {{overload resolution selected deleted operator '&'}}
#endif
	}

private:
	Mutex<Queue> queue_;
#ifdef MISUSE
	Mutex<Queue>::Guard *held_ = nullptr;
#endif
};

void use(Ring &ring) KXX_MAY_SLEEP
{
	ring.add();
}
} // namespace mutex_guard_address_taken

namespace mutex_guard_copied {
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard;
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'Guard'}}
#endif

	same->reads++;
}
} // namespace mutex_guard_copied

namespace mutex_guard_ignored {
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	stats.lock();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace mutex_guard_ignored

namespace mutex_guard_on_the_heap {
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	auto *guard = new auto(stats.lock());
	// expected-error@-1 {{call to deleted function 'operator new'}}

	(*guard)->reads++;
#endif
}
} // namespace mutex_guard_on_the_heap

namespace mutex_interruptible_ignored {
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	if (auto guard = stats.lock_interruptible())
		guard->reads++;
#else
	stats.lock_interruptible();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace mutex_interruptible_ignored

namespace mutex_try_guard_copied {
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.try_lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard;
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'TryGuard'}}
#endif

	if (same)
		same->reads++;
}
} // namespace mutex_try_guard_copied

namespace mutex_with_locked_returns_reference {
unsigned long reads(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return stats.with_locked([](Stats &locked) { return locked.reads; });
#else
	return stats.with_locked([](Stats &locked) -> unsigned long & { return locked.reads; });
	// expected-error@kxx/sync/mutex.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace mutex_with_locked_returns_reference

namespace mutex_guard_not_named {
void submit();

Result<void> count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto guard = stats.lock_interruptible();

	if (!guard)
#else
	if (!stats.lock_interruptible()) // expected-error {{attempt to use a deleted function}}
#endif
		return ERESTARTSYS;
	submit();
	return {};
}
} // namespace mutex_guard_not_named
