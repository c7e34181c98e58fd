// SPDX-License-Identifier: GPL-2.0
/*
 * ticks.cc - a ring that a timer's interrupt fills, and that readers of /dev/kxx_ticks wait for
 *
 * A tick comes every millisecond, and is read as its number. The ring has the newest 16.
 */
#include <kxx/base/module.hpp>
#include <kxx/base/sprintf.hpp>
#include <kxx/fs/miscdevice.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/sync/wait.hpp>

using namespace kxx;

namespace {

struct Ring {
	bool empty() const { return begin == end; }
	void push(u64 tick)
	{
		if (end - begin == 16)
			begin++;
		ticks[end++ % 16] = tick;
	}
	u64 pop() { return ticks[begin++ % 16]; }

	u64 ticks[16] = {};
	unsigned int begin = 0, end = 0;
};

class Ticks {
public:
	struct File {};

	/* What the timer owns while it is armed. */
	struct Tick {
		Ticks &ticks;
		u64 number;
	};

	Result<void> start() KXX_MAY_SLEEP
	{
		timer_.start(KXX_TRY(Box<Tick>::make(GFP_KERNEL, *this, 1u)), msec);
		return {};
	}

	/* In a hard interrupt, which SpinLockIrq is for; in a thread on PREEMPT_RT. */
	static void timer_expired(Box<Tick> tick)
	{
		Ticks &ticks = tick->ticks;

		ticks.ring_.lock()->push(tick->number++);
		ticks.filled_.wake_up();
		ticks.timer_.start(std::move(tick), msec);
	}

	Result<Box<File>> open() const KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }
	Result<size_t> read(const File &, UserOutput &to) const KXX_MAY_SLEEP
	{
		char text[24];
		int length =
			scnprintf(text, sizeof(text), "%llu\n", KXX_TRY(wait(to.is_nonblock())));

		/* Not under the lock: it sleeps, and clang refuses it there. */
		return to.copy_to_user(text, static_cast<size_t>(length));
	}

private:
	static constexpr u64 msec = 1'000'000;

	Result<u64> wait(bool nonblock) const KXX_MAY_SLEEP
	{
		auto ring = ring_.lock();

		if (nonblock && ring->empty())
			return EAGAIN;
		/* The lock is not held, and interrupts are on, while it sleeps. */
		KXX_TRY(wait_event_interruptible_lock_irq(
			filled_, [](Ring &ring) { return !ring.empty(); }, ring));
		return ring->pop();
	}

	SpinLockIrq<Ring> ring_;
	WaitQueueHead<> filled_;
	/* Destroyed first: no tick comes any more. */
	HrTimer<Box<Tick>, Ticks> timer_;
};

Result<Box<MiscDevice<Ticks>>> make() KXX_MAY_SLEEP
{
	auto ticks = KXX_TRY(Box<Ticks>::make(GFP_KERNEL));

	KXX_TRY(ticks->start());
	return Box<MiscDevice<Ticks>>::make(
		GFP_KERNEL, KXX_TRY(MiscDevice<Ticks>::make("kxx_ticks", std::move(ticks))));
}

} // namespace

KXX_MODULE(MiscDevice<Ticks>, make);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kxx sample: a ring, a timer and those who wait");
