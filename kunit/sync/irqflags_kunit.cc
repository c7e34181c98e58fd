// SPDX-License-Identifier: GPL-2.0
/*
 * irqflags_kunit.cc - tests of <kxx/sync/irqflags.hpp>
 *
 * Also tests the sources of an irq::Disabled: <kxx/device/interrupt.hpp> and
 * <kxx/sync/hrtimer.hpp>.
 */
#include <kxx/device/interrupt.hpp>
#include <kxx/glue/sync/sched.h>
#include <kxx/sync/spinlock.hpp>

#include "locks.hpp"

using namespace kxx;
using namespace locks;

namespace {

/* Records the context of a call, under locks that do not save interrupt flags. */
struct Device {
	struct First;
	struct Second;

	void count(const irq::Disabled &irq) const
	{
		irqs_were_off = kxx_irqs_disabled();
		ran_in = kxx_current();
		auto first = calls.lock(irq);
		auto second = same.lock(first);

		first->value++;
		second->value++;
	}
	IrqReturn handle_irq(const irq::Disabled &irq) const
	{
		count(irq);
		return IrqReturn::HANDLED;
	}
	static void timer_expired(Borrowed<Device> device, const irq::Disabled &irq)
	{
		device->count(irq);
		device->done.set(1);
	}

	RawSpinLockIrq<Counter, First> calls;
	RawSpinLockIrq<Counter, Second> same;
	/* Read only after the handler has run. */
	mutable bool irqs_were_off = false;
	mutable const void *ran_in = nullptr;
	Flag done;
};

} // namespace

static void interrupt_handler_has_interrupts_off(struct kunit *test) KXX_MAY_SLEEP
{
	int line = kxx_test_irq_alloc();
	Device device;

	KUNIT_ASSERT_TRUE(test, line > 0);
	{
		auto made =
			Irq<Device>::request(static_cast<unsigned int>(line), "kxxtest", device);

		KUNIT_EXPECT_TRUE(test, made);
		kxx_test_irq_raise(static_cast<unsigned int>(line));
		kxx_test_irq_raise(static_cast<unsigned int>(line));
	}
	kxx_test_irq_free(static_cast<unsigned int>(line));
	KUNIT_EXPECT_EQ(test, device.calls.lock()->value, 2);
	KUNIT_EXPECT_EQ(test, device.same.lock()->value, 2);
	KUNIT_EXPECT_TRUE(test, device.irqs_were_off);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

/* A handler of Irq must run in hard interrupt context, even with "threadirqs". */
static void interrupt_handler_is_no_thread(struct kunit *test) KXX_MAY_SLEEP
{
	int line = kxx_test_irq_alloc();
	Device device;

	KUNIT_ASSERT_TRUE(test, line > 0);
	{
		auto made =
			Irq<Device>::request(static_cast<unsigned int>(line), "kxxtest", device);

		KUNIT_EXPECT_TRUE(test, made);
		kxx_test_irq_raise(static_cast<unsigned int>(line));
	}
	kxx_test_irq_free(static_cast<unsigned int>(line));
	KUNIT_EXPECT_TRUE(test, device.ran_in == kxx_current());
}

static void line_has_one_handler(struct kunit *test) KXX_MAY_SLEEP
{
	int line = kxx_test_irq_alloc();
	Device device;

	KUNIT_ASSERT_TRUE(test, line > 0);
	{
		auto first =
			Irq<Device>::request(static_cast<unsigned int>(line), "kxxtest", device);
		auto second =
			Irq<Device>::request(static_cast<unsigned int>(line), "kxxtest2", device);

		KUNIT_EXPECT_TRUE(test, first);
		KUNIT_EXPECT_TRUE(test, !second && second.error() == EBUSY);
	}
	/* The first handler has freed the line. */
	{
		auto third = KUNIT_ASSERT_VALUE(
			test,
			Irq<Device>::request(static_cast<unsigned int>(line), "kxxtest", device));
	}
	kxx_test_irq_free(static_cast<unsigned int>(line));
}

static void hard_timer_has_interrupts_off(struct kunit *test) KXX_MAY_SLEEP
{
	using Timer = HrTimer<Borrowed<Device>, Device, HrTimerMode::REL_HARD>;
	Device device;

	{
		auto timer = KUNIT_ASSERT_VALUE(test, Box<Timer>::make(GFP_KERNEL));

		timer->start(Borrowed(&device), 1'000'000);
		for (int i = 0; i < 1000 && !device.done.get(); i++)
			kxx_test_msleep(1);
	}
	KUNIT_EXPECT_EQ(test, device.calls.lock()->value, 1);
	KUNIT_EXPECT_TRUE(test, device.irqs_were_off);
}

static void raw_guard_lends_its_proof(struct kunit *test)
{
	RawSpinLockIrq<Counter> lock;
	Device device;

	{
		auto guard = lock.lock();

		/* count() needs only the proof that interrupts are off, not the lock. */
		device.count(guard.irq());
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_EQ(test, device.calls.lock()->value, 1);
}

KXX_KUNIT_SUITE(kxx_kunit_irqflags, "kxx_irqflags",
		KXX_KUNIT_CASE(interrupt_handler_has_interrupts_off),
		KXX_KUNIT_CASE(interrupt_handler_is_no_thread),
		KXX_KUNIT_CASE(line_has_one_handler), KXX_KUNIT_CASE(hard_timer_has_interrupts_off),
		KXX_KUNIT_CASE(raw_guard_lends_its_proof));
