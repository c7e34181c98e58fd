// SPDX-License-Identifier: GPL-2.0
/* shared_mm_kunit.cc - <kxx/drm/shared_mm.hpp> */
#include <optional>

#include <kxx/mm/shared_mm.hpp>

#include "drm_mm.hpp"
#include "../sync/locks.hpp"

using namespace kxx;
using namespace locks;
using ranges::Mode;

namespace {

/* How many there are of something; from any CPU and context. */
class Tally {
public:
	void add(int n) { __atomic_fetch_add(&value_, n, __ATOMIC_RELAXED); }
	int get() const { return __atomic_load_n(&value_, __ATOMIC_RELAXED); }

private:
	int value_ = 0;
};

/* Counts itself, and those that went where interrupts or softirqs were off. */
struct Payload {
	explicit Payload(int value = 0) : value(value) { alive.add(1); }
	Payload(const Payload &) = delete;
	Payload &operator=(const Payload &) = delete;
	~Payload()
	{
		alive.add(-1);
		if (kxx_irqs_disabled() || kxx_test_in_softirq_disabled())
			gone_where_atomic.add(1);
	}

	int value;

	static inline constinit Tally alive;
	static inline constinit Tally gone_where_atomic;
};

/* @Lock, which counts itself: it goes with the allocator inside. */
constinit Tally allocators;

template <template <typename, typename> typename Lock> struct Counting {
	template <typename T, typename Tag> class Type : public Lock<T, Tag> {
	public:
		Type(drm::MmRange range, const char *name) : Lock<T, Tag>(range, name)
		{
			allocators.add(1);
		}
		Type(const Type &) = delete;
		Type &operator=(const Type &) = delete;
		~Type() { allocators.add(-1); }
	};
};

template <template <typename, typename> typename Lock>
using Shared = drm::SharedMm<Payload, Counting<Lock>::template Type>;
using Space = Shared<SpinLock>;
using Node = Space::Node;
using FreeNode = drm::FreeNode<Payload>;

constexpr u64 start = 100;
constexpr u64 size = 64;

template <typename Space = ::Space> Result<Space> make_space() KXX_MAY_SLEEP
{
	return Space::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(start, size)), "test");
}

template <typename Space>
Result<typename Space::Node> insert(Space &space, u64 size, int value = 0) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL, value));

	return space.insert_node(std::move(memory), size);
}

template <typename Space> bool clean(const Space &space)
{
	return space.with_locked([](const auto &mm) { return mm.clean(); });
}

template <typename Space> u64 nr_free(const Space &space)
{
	return space.with_locked([](const auto &mm) {
		u64 free = 0;

		for (auto [start, size] : mm.holes())
			free += size;
		return free;
	});
}

/* Nothing is left of what a case made. */
void expect_all_gone(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
	KUNIT_EXPECT_EQ(test, allocators.get(), 0);
}

} // namespace

static void insertions_get_what_they_ask_for(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space();
	auto memory = FreeNode::make(GFP_KERNEL, 1);
	auto low_memory = FreeNode::make(GFP_KERNEL, 2);
	auto high_memory = FreeNode::make(GFP_KERNEL, 3);
	auto exact_memory = FreeNode::make(GFP_KERNEL, 4);

	KUNIT_ASSERT_TRUE(test, made && memory);
	KUNIT_ASSERT_TRUE(test, low_memory && high_memory);
	KUNIT_ASSERT_TRUE(test, exact_memory);

	Space space = std::move(made).value();
	auto any = space.insert_node(std::move(memory).value(), 5);
	auto low = space.insert_node_generic(std::move(low_memory).value(), 4, 16, 7, Mode::LOW);
	auto high = space.insert_node_in_range(std::move(high_memory).value(), 3, 0, 8, 120, 130,
					       Mode::HIGH);
	auto exact = space.reserve_node(std::move(exact_memory).value(), 140, 24, 9);

	KUNIT_ASSERT_TRUE(test, any && low);
	KUNIT_ASSERT_TRUE(test, high && exact);

	Node nodes[] = { std::move(any).value(), std::move(low).value(), std::move(high).value(),
			 std::move(exact).value() };
	constexpr struct {
		u64 start;
		u64 size;
		unsigned long color;
		int value;
	} expected[] = { { 100, 5, 0, 1 }, { 112, 4, 7, 2 }, { 127, 3, 8, 3 }, { 140, 24, 9, 4 } };

	for (unsigned int i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, nodes[i].start(), expected[i].start);
		KUNIT_EXPECT_EQ(test, nodes[i].size(), expected[i].size);
		KUNIT_EXPECT_EQ(test, nodes[i].color(), expected[i].color);
		KUNIT_EXPECT_EQ(test, nodes[i]->value, expected[i].value);
		KUNIT_EXPECT_EQ(test, (*nodes[i]).value, expected[i].value);
	}
	KUNIT_EXPECT_EQ(test, nr_free(space), size - 5 - 4 - 3 - 24);
}

static void refused_insertion_leaves_the_memory_to_its_owner(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto made = make_space();
		auto allocated = FreeNode::make(GFP_KERNEL);

		KUNIT_ASSERT_TRUE(test, made && allocated);

		Space space = std::move(made).value();
		FreeNode memory = std::move(allocated).value();
		auto anywhere = [&](u64 size) {
			return ranges::errno_of(space.insert_node(std::move(memory), size));
		};
		auto generic = [&](u64 size, u64 alignment) {
			return ranges::errno_of(space.insert_node_generic(std::move(memory), size,
									  alignment, 0, Mode::LOW));
		};
		auto between = [&](u64 size, u64 start, u64 end) {
			return ranges::errno_of(space.insert_node_in_range(
				std::move(memory), size, 0, 0, start, end, Mode::BEST));
		};
		auto reserve = [&](u64 start, u64 size) {
			return ranges::errno_of(space.reserve_node(std::move(memory), start, size));
		};

		KUNIT_EXPECT_EQ(test, anywhere(0), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, anywhere(size + 1), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, generic(0, 0), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, generic(1, 1024), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, between(0, start, start + size), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, between(1, start + 8, start + 4), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, between(4, start, start + 3), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, reserve(start, 0), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, reserve(2, ~u64{ 0 }), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, reserve(start - 1, 2), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, reserve(start + size - 1, 2), ENOSPC.to_errno());
		KUNIT_EXPECT_TRUE(test, clean(space));
		/* None of them took it: what is left is one node's memory, and it is good. */
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
		KUNIT_EXPECT_EQ(test, anywhere(size), 0);
	}
	expect_all_gone(test);
}

static void dropped_node_gives_back_range_and_payload(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space();

	KUNIT_ASSERT_TRUE(test, made);

	Space space = std::move(made).value();
	{
		auto inserted = insert(space, size);

		KUNIT_ASSERT_TRUE(test, inserted);

		Node node = std::move(inserted).value();
		auto refused = insert(space, 1);

		KUNIT_EXPECT_EQ(test, ranges::errno_of(refused), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, nr_free(space), 0);
		KUNIT_EXPECT_FALSE(test, clean(space));
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
	}
	KUNIT_EXPECT_EQ(test, nr_free(space), size);
	KUNIT_EXPECT_TRUE(test, clean(space));
	KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
	KUNIT_EXPECT_TRUE(test, insert(space, size));
}

static void node_keeps_the_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	{
		std::optional<Node> first;
		std::optional<Node> second;
		{
			auto made = make_space();

			KUNIT_ASSERT_TRUE(test, made);

			Space space = std::move(made).value();
			auto one = insert(space, 16, 1);
			auto two = insert(space, 16, 2);

			KUNIT_ASSERT_TRUE(test, one && two);
			first.emplace(std::move(one).value());
			second.emplace(std::move(two).value());
		}
		/* There is no SharedMm any more. */
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_EQ(test, (*first)->value, 1);
		first.reset();
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
		KUNIT_EXPECT_EQ(test, (*second)->value, 2);
		KUNIT_EXPECT_EQ(test, second->start(), start + 16);
		second.reset();
		KUNIT_EXPECT_EQ(test, allocators.get(), 0);
	}
	expect_all_gone(test);
}

static void user_keeps_the_allocator_without_its_nodes(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto made = make_space();

		KUNIT_ASSERT_TRUE(test, made);

		Space space = std::move(made).value();
		{
			auto inserted = insert(space, 16);

			KUNIT_EXPECT_TRUE(test, inserted);
		}
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_TRUE(test, insert(space, size));
	}
	expect_all_gone(test);
}

static void share_is_another_user_of_the_same_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	{
		std::optional<Space> first;
		auto made = make_space();

		KUNIT_ASSERT_TRUE(test, made);
		first.emplace(std::move(made).value());

		Space second = first->share();
		auto inserted = insert(*first, size);

		KUNIT_ASSERT_TRUE(test, inserted);
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_EQ(test, ranges::errno_of(insert(second, 1)), ENOSPC.to_errno());
		/* The last one of three lets go of it. */
		first.reset();
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_EQ(test, nr_free(second), 0);
		{
			Node node = std::move(inserted).value();
		}
		KUNIT_EXPECT_EQ(test, nr_free(second), size);
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
	}
	expect_all_gone(test);
}

static void allocators_do_not_share_their_range(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto one = make_space();
		auto other = make_space();

		KUNIT_ASSERT_TRUE(test, one && other);

		Space first = std::move(one).value();
		Space second = std::move(other).value();
		auto in_first = insert(first, size);
		auto in_second = insert(second, size);

		KUNIT_EXPECT_TRUE(test, in_first && in_second);
		KUNIT_EXPECT_EQ(test, allocators.get(), 2);
	}
	expect_all_gone(test);
}

static void moved_handles_are_dropped_once(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto made = make_space();

		KUNIT_ASSERT_TRUE(test, made);

		Space first = std::move(made).value();
		Space space = std::move(first);
		auto inserted = insert(space, 16, 3);

		KUNIT_ASSERT_TRUE(test, inserted);
		{
			Node from = std::move(inserted).value();
			Payload *payload = &*from;
			Node node = std::move(from);

			KUNIT_EXPECT_EQ(test, node->value, 3);
			/* The memory is where it was. */
			KUNIT_EXPECT_TRUE(test, &*node == payload);
			KUNIT_EXPECT_EQ(test, node.start(), start);
			KUNIT_EXPECT_EQ(test, nr_free(space), size - 16);
			KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
		}
		KUNIT_EXPECT_TRUE(test, clean(space));
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
	}
	expect_all_gone(test);
}

static void replacement_takes_over_the_range(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto made = make_space();
		auto old_memory = FreeNode::make(GFP_KERNEL, 1);
		auto new_memory = FreeNode::make(GFP_KERNEL, 2);

		KUNIT_ASSERT_TRUE(test, made && old_memory);
		KUNIT_ASSERT_TRUE(test, new_memory);

		Space space = std::move(made).value();
		auto reserved = space.reserve_node(std::move(old_memory).value(), 110, 7, 5);

		KUNIT_ASSERT_TRUE(test, reserved);

		Node node = std::move(reserved).value();
		{
			auto replaced = node.replace_node(std::move(new_memory).value());

			KUNIT_ASSERT_TRUE(test, replaced);
			KUNIT_EXPECT_EQ(test, (*std::move(replaced).value())->value, 1);
		}
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
		KUNIT_EXPECT_EQ(test, node->value, 2);
		KUNIT_EXPECT_EQ(test, node.start(), 110);
		KUNIT_EXPECT_EQ(test, node.size(), 7);
		KUNIT_EXPECT_EQ(test, node.color(), 5);
		KUNIT_EXPECT_EQ(test, nr_free(space), size - 7);
		/* It is the new one that is found there. */
		space.with_locked([&](const auto &mm) {
			KUNIT_EXPECT_EQ(test, (*mm.interval_first(116, 116))->value, 2);
		});
	}
	expect_all_gone(test);
}

static void with_locked_shows_nodes_and_holes(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space();
	auto low_memory = FreeNode::make(GFP_KERNEL, 1);
	auto high_memory = FreeNode::make(GFP_KERNEL, 2);

	KUNIT_ASSERT_TRUE(test, made && low_memory);
	KUNIT_ASSERT_TRUE(test, high_memory);

	Space space = std::move(made).value();

	KUNIT_EXPECT_TRUE(test, clean(space));

	auto high = space.reserve_node(std::move(high_memory).value(), 140, 10);
	auto low = space.reserve_node(std::move(low_memory).value(), 110, 5);

	KUNIT_ASSERT_TRUE(test, high && low);
	KUNIT_EXPECT_FALSE(test, clean(space));
	space.with_locked([&](const auto &mm) {
		int value = 0;
		u64 at = start;
		u64 nr_holes = 0;

		/* By their start, not in the order in which they came. */
		for (auto &node : mm.nodes()) {
			KUNIT_EXPECT_EQ(test, node->value, ++value);
			KUNIT_EXPECT_TRUE(test, node.start() >= at);
			at = node.start() + node.size();
		}
		KUNIT_EXPECT_EQ(test, value, 2);
		KUNIT_EXPECT_EQ(test, at, 150);
		for (auto [hole, hole_size] : mm.holes()) {
			nr_holes++;
			KUNIT_EXPECT_TRUE(test, (hole == 100 && hole_size == 10) ||
							(hole == 115 && hole_size == 25) ||
							(hole == 150 && hole_size == 14));
		}
		KUNIT_EXPECT_EQ(test, nr_holes, 3);
		for (auto &node : mm.nodes_in_range(114, 140))
			KUNIT_EXPECT_EQ(test, node->value, 1);
		KUNIT_EXPECT_EQ(test, (*mm.interval_first(115, 163))->value, 2);
		KUNIT_EXPECT_TRUE(test, !mm.interval_first(115, 139));
		KUNIT_EXPECT_STREQ(test, mm.name(), "test");
	});
}

/*
 * @Lock does to interrupts and softirqs what its name says, in with_locked() alone;
 * and a payload is destroyed when that is over.
 */
template <template <typename, typename> typename Lock>
static void expect_context(struct kunit *test, bool irqs_off, bool softirqs_off) KXX_MAY_SLEEP
{
	int before = Payload::gone_where_atomic.get();
	{
		auto made = make_space<Shared<Lock>>();

		KUNIT_ASSERT_TRUE(test, made);

		Shared<Lock> space = std::move(made).value();
		auto inserted = insert(space, 16);
		auto memory = FreeNode::make(GFP_KERNEL);

		KUNIT_ASSERT_TRUE(test, inserted && memory);
		space.with_locked([&](const auto &mm) {
			KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), irqs_off);
			KUNIT_EXPECT_EQ(test, kxx_test_in_softirq_disabled(), softirqs_off);
			KUNIT_EXPECT_FALSE(test, mm.clean());
		});
		KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
		KUNIT_EXPECT_FALSE(test, kxx_test_in_softirq_disabled());

		typename Shared<Lock>::Node node = std::move(inserted).value();

		KUNIT_EXPECT_TRUE(test, node.replace_node(std::move(memory).value()));
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

/* Gives a node to a timer, which drops it. */
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
		auto made = make_space<Dropper::Space>();
		/* Not on the stack, where debugobjects wants a timer to be announced. */
		auto dropper_made = Box<Dropper>::make(GFP_KERNEL);
		unsigned int refused = 0;

		KUNIT_ASSERT_TRUE(test, made && dropper_made);

		auto space = std::move(made).value();
		Box<Dropper> dropper = std::move(dropper_made).value();

		for (unsigned int round = 0; round < 200; round++) {
			auto inserted = insert(space, size / 2);

			KUNIT_ASSERT_TRUE(test, inserted);
			dropper->give(std::move(inserted).value(), 1 + round * 1000);
			/* The timer is to find the lock held now and then. */
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
	auto dropper_made = Box<Dropper>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, dropper_made);

	Box<Dropper> dropper = std::move(dropper_made).value();
	int before = Payload::gone_where_atomic.get();
	{
		auto made = make_space<Dropper::Space>();

		KUNIT_ASSERT_TRUE(test, made);

		auto space = std::move(made).value();
		auto inserted = insert(space, 16);

		KUNIT_ASSERT_TRUE(test, inserted);
		dropper->give(std::move(inserted).value(), 50'000'000);
	}
	dropper->wait();
	expect_all_gone(test);
	/* On PREEMPT_RT a timer's thread has softirqs off. */
	KUNIT_EXPECT_EQ(test, Payload::gone_where_atomic.get(), before + 1);
}

namespace {

/*
 * Every CPU inserts and drops nodes of one allocator. Each unit of a node is marked
 * with the number of the CPU that has it: no other may be there before or after.
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
		int cpus = static_cast<int>(kxx_test_nr_online_cpus());

		KUNIT_ASSERT_TRUE(test, cpus >= 2);
		KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(run, this) == 0);
		KUNIT_EXPECT_EQ(test, overlaps_.get(), 0);
		KUNIT_EXPECT_EQ(test, odd_.get(), 0);
		KUNIT_EXPECT_EQ(test, inserted_.get() + refused_.get(), cpus * int{ rounds });
		KUNIT_EXPECT_EQ(test, dropped_.get(), inserted_.get());
		/* There was room for some, but not for all. */
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

		/* From a handle of its own. */
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
	/* What should never be. */
	Tally odd_;
};

template <template <typename, typename> typename Lock>
void expect_no_overlap(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto made = make_space<Shared<Lock>>();

		KUNIT_ASSERT_TRUE(test, made);

		Crowd<Lock> crowd(std::move(made).value());

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

KXX_KUNIT_SUITE(kxx_kunit_shared_mm, "kxx_shared_mm",
		KXX_KUNIT_CASE(insertions_get_what_they_ask_for),
		KXX_KUNIT_CASE(refused_insertion_leaves_the_memory_to_its_owner),
		KXX_KUNIT_CASE(dropped_node_gives_back_range_and_payload),
		KXX_KUNIT_CASE(node_keeps_the_allocator),
		KXX_KUNIT_CASE(user_keeps_the_allocator_without_its_nodes),
		KXX_KUNIT_CASE(share_is_another_user_of_the_same_allocator),
		KXX_KUNIT_CASE(allocators_do_not_share_their_range),
		KXX_KUNIT_CASE(moved_handles_are_dropped_once),
		KXX_KUNIT_CASE(replacement_takes_over_the_range),
		KXX_KUNIT_CASE(with_locked_shows_nodes_and_holes),
		KXX_KUNIT_CASE(spin_lock_leaves_interrupts_and_softirqs_on),
		KXX_KUNIT_CASE(spin_lock_bh_turns_softirqs_off),
		KXX_KUNIT_CASE(spin_lock_irq_turns_interrupts_off),
		KXX_KUNIT_CASE(node_is_dropped_in_a_timer),
		KXX_KUNIT_CASE(last_node_takes_the_allocator_down_in_a_timer),
		KXX_KUNIT_CASE(cpus_never_have_the_same_unit),
		KXX_KUNIT_CASE(cpus_never_have_the_same_unit_bh),
		KXX_KUNIT_CASE(cpus_never_have_the_same_unit_irq));
