// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#ifdef MISUSE
#include <coroutine>
#endif

#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads = 0;
};

/* A coroutine returns to its caller where it is suspended, with its guards alive. */
namespace coroutine_suspended_under_a_guard {
#ifndef MISUSE
void count(SpinLockIrq<Stats> &stats)
{
	stats.lock()->reads++;
}
#else
// expected-error@*:* {{the coroutine header requires -fcoroutines}}
struct Never {
	bool await_ready() noexcept { return false; }
	template <typename Handle> void await_suspend(Handle) noexcept {}
	void await_resume() noexcept {}
};

struct Task {
	struct promise_type {
		static void *operator new(size_t size) noexcept { return kxx_kmalloc(size, 0); }
		static void operator delete(void *object) { kxx_kfree(object); }
		static Task get_return_object_on_allocation_failure() { return {}; }
		Task get_return_object() { return {}; }
		Never initial_suspend() noexcept { return {}; }
		Never final_suspend() noexcept { return {}; }
		void return_void() {}
		void unhandled_exception() {}
	};
};

Task count(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	guard->reads++;
	co_await Never(); // expected-error {{std::coroutine_traits type was not found}}
	guard->reads++;
}
#endif
} // namespace coroutine_suspended_under_a_guard
