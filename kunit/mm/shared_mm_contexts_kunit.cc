// SPDX-License-Identifier: GPL-2.0
/*
 * shared_mm_contexts_kunit.cc - tests of <kxx/mm/shared_mm.hpp> in all contexts
 *
 * Uses each kind of lock in process context, in softirq and in hard interrupts, and on several
 * CPUs.
 */
#include <optional>

#include "shared_mm.hpp"

using namespace kxx;
using namespace locks;
using namespace sharing;

/*
 * Checks that with_locked() disables interrupts if @irqs_off, and softirqs if @softirqs_off. Both
 * must be enabled after it, and when a payload is destroyed.
 */
template <template <typename, typename> typename Lock>
static void expect_context(struct kunit *test, bool irqs_off, bool softirqs_off) KXX_MAY_SLEEP
{
	int before = Payload::gone_where_atomic.get();
	{
		auto space = KUNIT_ASSERT_VALUE(test, make_space<Shared<Lock>>());

		typename Shared<Lock>::Node node = KUNIT_ASSERT_VALUE(test, insert(space, 16));
		auto memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL));

		space.with_locked([&](const auto &mm) {
			KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), irqs_off);
			KUNIT_EXPECT_EQ(test, kxx_test_in_softirq_disabled(), softirqs_off);
			KUNIT_EXPECT_FALSE(test, mm.clean());
		});
		KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
		KUNIT_EXPECT_FALSE(test, kxx_test_in_softirq_disabled());

		KUNIT_EXPECT_TRUE(test, node.replace_node(std::move(memory)));
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_FALSE(test, kxx_test_in_softirq_disabled());
	KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
	KUNIT_EXPECT_EQ(test, Payload::gone_where_atomic.get(), before);
	expect_all_gone(test);
}

static void spin_lock_leaves_interrupts_and_softirqs_on(struct kunit *test) KXX_MAY_SLEEP
{
	expect_context<SpinLock>(test, false, false);
}

static void spin_lock_bh_turns_softirqs_off(struct kunit *test) KXX_MAY_SLEEP
{
	expect_context<SpinLockBh>(test, false, true);
}

static void spin_lock_irq_turns_interrupts_off(struct kunit *test) KXX_MAY_SLEEP
{
	expect_context<SpinLockIrq>(test, spinlock_irqs_off, false);
}

namespace {

/* Passes a node to a timer, whose handler drops it. */
class Dropper {
public:
	using Space = Shared<SpinLockIrq>;

	static void timer_expired(Borrowed<Dropper> self)
	{
		self->node_.reset();
		self->done_.set(self->given_);
	}

	void give(Space::Node node, u64 nsec)
	{
		node_.emplace(std::move(node));
		given_++;
		timer_.start(Borrowed(this), nsec);
	}
	bool is_dropped() const { return done_.get() == given_; }
	void wait() const
	{
		while (!is_dropped())
			kxx_test_msleep(1);
	}

private:
	std::optional<Space::Node> node_;
	int given_ = 0;
	Flag done_;
	HrTimer<Borrowed<Dropper>, Dropper> timer_;
};

} // namespace

static void node_is_dropped_in_a_timer(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto space = KUNIT_ASSERT_VALUE(test, make_space<Dropper::Space>());
		/* Allocate the timer: debugobjects reports timers on the stack. */
		auto dropper = KUNIT_ASSERT_VALUE(test, Box<Dropper>::make(GFP_KERNEL));
		unsigned int refused = 0;

		for (unsigned int round = 0; round < 200; round++) {
			auto inserted = KUNIT_ASSERT_VALUE(test, insert(space, size / 2));

			dropper->give(std::move(inserted), 1 + round * 1000);
			/* Use the lock meanwhile, so that the timer sometimes finds it held. */
			while (!dropper->is_dropped())
				refused += !insert(space, size / 2);
		}
		KUNIT_EXPECT_EQ(test, refused, 0);
		KUNIT_EXPECT_TRUE(test, clean(space));
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
	}
	expect_all_gone(test);
}

static void last_node_takes_the_allocator_down_in_a_timer(struct kunit *test) KXX_MAY_SLEEP
{
	auto dropper = KUNIT_ASSERT_VALUE(test, Box<Dropper>::make(GFP_KERNEL));
	int before = Payload::gone_where_atomic.get();
	{
		auto space = KUNIT_ASSERT_VALUE(test, make_space<Dropper::Space>());
		auto inserted = KUNIT_ASSERT_VALUE(test, insert(space, 16));

		dropper->give(std::move(inserted), 50'000'000);
	}
	dropper->wait();
	expect_all_gone(test);
	/* The timer's handler destroys the payload, with softirqs off (PREEMPT_RT too). */
	KUNIT_EXPECT_EQ(test, Payload::gone_where_atomic.get(), before + 1);
}

namespace {

/*
 * Every CPU inserts and drops nodes of one allocator, and marks each unit of a node with its own
 * number. A unit must not be marked by another CPU at that time.
 */
template <template <typename, typename> typename Lock> class Crowd {
public:
	using Space = Shared<Lock>;
	using Node = typename Space::Node;

	static constexpr unsigned int rounds = 4000;
	static constexpr unsigned int held = 8;

	explicit Crowd(Space space) : space_(std::move(space)) {}

	void expect_no_overlap(struct kunit *test) KXX_MAY_SLEEP
	{
		KXX_KUNIT_NEEDS_CPUS(test, 2);

		int cpus = static_cast<int>(kxx_test_nr_online_cpus());

		KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(run, this) == 0);
		KUNIT_EXPECT_EQ(test, overlaps_.get(), 0);
		KUNIT_EXPECT_EQ(test, odd_.get(), 0);
		KUNIT_EXPECT_EQ(test, inserted_.get() + refused_.get(), cpus * int{ rounds });
		KUNIT_EXPECT_EQ(test, dropped_.get(), inserted_.get());
		/* Some insertions succeed and some find no room. */
		KUNIT_EXPECT_TRUE(test, inserted_.get() > int{ rounds } / 4);
		KUNIT_EXPECT_TRUE(test, refused_.get() > 0);
		KUNIT_EXPECT_TRUE(test, clean(space_));
		KUNIT_EXPECT_EQ(test, nr_free(space_), size);
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
	}

private:
	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &self = *static_cast<Crowd *>(data);
		int me = self.arrived_.next() + 1;

		/* Each CPU uses its own reference. */
		self.work(self.space_.share(), me);
	}
	void work(Space space, int me) KXX_MAY_SLEEP
	{
		std::optional<Node> nodes[held];
		Random random(static_cast<u64>(me));

		for (unsigned int i = 0; i < rounds; i++) {
			auto &node = nodes[random.below(held)];

			drop(node, me);

			auto inserted = insert(space, random, me);

			if (!inserted) {
				refused_.add(1);
				odd_.add(inserted.error() != ENOSPC);
				continue;
			}
			inserted_.add(1);
			node.emplace(std::move(inserted).value());
			for (u64 unit = node->start(); unit < node->start() + node->size(); unit++)
				mark(unit, 0, me);
		}
		for (auto &node : nodes)
			drop(node, me);
	}
	static Result<Node> insert(Space &space, Random &random, int me) KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL, me));
		u64 most = random.below(4) ? 4 : 20;

		return space.insert_node_generic(std::move(memory), 1 + random.below(most),
						 random.below(4), 0,
						 ranges::modes[random.below(4)]);
	}
	void drop(std::optional<Node> &node, int me)
	{
		if (!node)
			return;
		odd_.add((*node)->value != me);
		for (u64 unit = node->start(); unit < node->start() + node->size(); unit++)
			mark(unit, me, 0);
		node.reset();
		dropped_.add(1);
	}
	void mark(u64 unit, int from, int to)
	{
		if (unit < start || unit >= start + size)
			odd_.add(1);
		else
			overlaps_.add(__atomic_exchange_n(&owner_[unit - start], to,
							  __ATOMIC_RELAXED) != from);
	}

	Space space_;
	int owner_[size] = {};
	Flag arrived_;
	Tally inserted_;
	Tally refused_;
	Tally dropped_;
	Tally overlaps_;
	/* Counts results that must never occur. */
	Tally odd_;
};

template <template <typename, typename> typename Lock>
void expect_no_overlap(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto made = KUNIT_ASSERT_VALUE(test, make_space<Shared<Lock>>());
		Crowd<Lock> crowd(std::move(made));

		crowd.expect_no_overlap(test);
	}
	expect_all_gone(test);
}

} // namespace

static void cpus_never_have_the_same_unit(struct kunit *test) KXX_MAY_SLEEP
{
	expect_no_overlap<SpinLock>(test);
}

static void cpus_never_have_the_same_unit_bh(struct kunit *test) KXX_MAY_SLEEP
{
	expect_no_overlap<SpinLockBh>(test);
}

static void cpus_never_have_the_same_unit_irq(struct kunit *test) KXX_MAY_SLEEP
{
	expect_no_overlap<SpinLockIrq>(test);
}

KXX_KUNIT_SUITE(kxx_kunit_shared_mm_contexts, "kxx_shared_mm_contexts",
		KXX_KUNIT_CASE(spin_lock_leaves_interrupts_and_softirqs_on),
		KXX_KUNIT_CASE(spin_lock_bh_turns_softirqs_off),
		KXX_KUNIT_CASE(spin_lock_irq_turns_interrupts_off),
		KXX_KUNIT_CASE(node_is_dropped_in_a_timer),
		KXX_KUNIT_CASE(last_node_takes_the_allocator_down_in_a_timer),
		KXX_KUNIT_CASE(cpus_never_have_the_same_unit),
		KXX_KUNIT_CASE(cpus_never_have_the_same_unit_bh),
		KXX_KUNIT_CASE(cpus_never_have_the_same_unit_irq));
