// SPDX-License-Identifier: GPL-2.0
/*
 * drm_mm_faults_kunit.cc - tests of the three forms of drm_mm with each allocation failing in turn
 *
 * Needs failslab and fail_page_alloc to fail allocations that may sleep: ignore-gfp-wait=N in
 * debugfs. kmemleak checks that nothing is leaked.
 */
#include <optional>

#include <kxx/mm/drm_mm.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/mm/shared_mm.hpp>
#include <kxx/sync/spinlock.hpp>

#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;

namespace {

/* Counts the living objects, and owns memory that could be leaked. */
struct Payload {
	explicit Payload(Box<int> owned) : owned(std::move(owned)) { alive++; }
	Payload(const Payload &) = delete;
	Payload &operator=(const Payload &) = delete;
	~Payload() { alive--; }

	Box<int> owned;

	static inline int alive;
};

using FreeNode = drm::FreeNode<Payload>;
using MmNode = drm::MmNode<Payload>;

constexpr u64 start = 100;
constexpr u64 size = 64;
constexpr u64 reserved_at = 132;

Result<drm::MmRange> make_range()
{
	return drm::MmRange::make(start, size);
}

/* The number of allocations of the attempt so far, incremented before each of them. */
unsigned int asked;

Result<Box<int>> make_int(GfpMaySleep gfp) KXX_MAY_SLEEP
{
	asked++;
	return Box<int>::make(gfp, 1);
}
Result<Box<int>> make_int(GfpAtomic gfp)
{
	asked++;
	return Box<int>::make(gfp, 1);
}
Result<FreeNode> make_memory() KXX_MAY_SLEEP
{
	auto owned = KXX_TRY(make_int(GFP_KERNEL));

	asked++;
	return FreeNode::make(GFP_KERNEL, std::move(owned));
}
Result<FreeNode> make_atomic_memory()
{
	auto owned = KXX_TRY(make_int(GFP_ATOMIC));

	asked++;
	return FreeNode::make(GFP_ATOMIC, std::move(owned));
}

/* Returns a hash of the nodes in order, and of the holes, most recent first. */
template <typename Mm> u64 state_of(Mm &mm)
{
	u64 hash = 0;
	auto mix = [&hash](u64 value) { hash = (hash ^ value) * 0x100000001b3; };

	for (auto &node : mm.nodes()) {
		mix(reinterpret_cast<u64>(&node));
		mix(node.start());
		mix(node.size());
	}
	for (auto [hole, hole_size] : mm.holes()) {
		mix(hole);
		mix(hole_size);
	}
	return hash;
}

/*
 * A class for each form of the allocator: Mm, SharedMm and OwningMm. insert() and reserve() add a
 * node; replace() moves the first node into memory that it allocates; clear() removes all nodes
 * and returns how many there were.
 */

class CallerLocks {
	using Mm = drm::Mm<Payload>;
	using Node = Mm::Node;

public:
	explicit CallerLocks(drm::MmRange range) : mm_(range, "faults") {}
	CallerLocks(const CallerLocks &) = delete;
	CallerLocks &operator=(const CallerLocks &) = delete;
	~CallerLocks() { clear(); }

	static Result<Box<CallerLocks>> make() KXX_MAY_SLEEP
	{
		asked++;
		return Box<CallerLocks>::make(GFP_KERNEL, KXX_TRY(make_range()));
	}

	Result<void> insert() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(make_memory());

		first_ = KXX_TRY(mm_.lock()->insert_node(std::move(memory), 16)).into_raw();
		return {};
	}
	Result<void> reserve() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(make_atomic_memory());

		second_ = KXX_TRY(mm_.lock()->reserve_node(std::move(memory), reserved_at, 16))
				  .into_raw();
		return {};
	}
	Result<void> replace() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(make_memory());
		Node node = Node::from_raw(first_);
		auto replaced = mm_.lock()->replace_node(node, std::move(memory));

		first_ = std::move(node).into_raw();
		if (!replaced)
			return replaced.error();
		return {};
	}
	unsigned int clear()
	{
		unsigned int nr = 0;

		for (MmNode **kept : { &first_, &second_ }) {
			if (!*kept)
				continue;

			auto removed = mm_.lock()->remove_node(
				Node::from_raw(std::exchange(*kept, nullptr)));

			nr++;
		}
		return nr;
	}
	u64 state() { return state_of(*mm_.lock()); }

private:
	SpinLock<Mm> mm_;
	MmNode *first_ = nullptr;
	MmNode *second_ = nullptr;
};

class IsShared {
	using Mm = drm::SharedMm<Payload>;

public:
	explicit IsShared(Mm mm) : mm_(std::move(mm)) {}

	static Result<Box<IsShared>> make() KXX_MAY_SLEEP
	{
		asked++;

		auto mm = KXX_TRY(Mm::make(GFP_KERNEL, KXX_TRY(make_range()), "faults"));

		asked++;
		return Box<IsShared>::make(GFP_KERNEL, std::move(mm));
	}

	Result<void> insert() KXX_MAY_SLEEP
	{
		first_.emplace(KXX_TRY(mm_.insert_node(KXX_TRY(make_memory()), 16)));
		return {};
	}
	Result<void> reserve() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(make_atomic_memory());

		second_.emplace(KXX_TRY(mm_.reserve_node(std::move(memory), reserved_at, 16)));
		return {};
	}
	Result<void> replace() KXX_MAY_SLEEP
	{
		if (!first_)
			return EINVAL;

		auto replaced = KXX_TRY(first_->replace_node(KXX_TRY(make_memory())));

		return {};
	}
	unsigned int clear()
	{
		unsigned int nr = mm_.with_locked([](const auto &mm) {
			unsigned int nr = 0;

			for (auto &node : mm.nodes())
				nr += node.allocated();
			return nr;
		});

		first_.reset();
		second_.reset();
		return nr;
	}
	u64 state() const
	{
		return mm_.with_locked([](const auto &mm) { return state_of(mm); });
	}

private:
	Mm mm_;
	std::optional<Mm::Node> first_;
	std::optional<Mm::Node> second_;
};

class OwnsItsNodes {
	using Mm = drm::OwningMm<Payload>;

public:
	explicit OwnsItsNodes(drm::MmRange range) : mm_(range, "faults") {}
	OwnsItsNodes(const OwnsItsNodes &) = delete;
	OwnsItsNodes &operator=(const OwnsItsNodes &) = delete;
	~OwnsItsNodes() { clear(); }

	static Result<Box<OwnsItsNodes>> make() KXX_MAY_SLEEP
	{
		asked++;
		return Box<OwnsItsNodes>::make(GFP_KERNEL, KXX_TRY(make_range()));
	}

	Result<void> insert() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(make_memory());
		auto guard = mm_.lock();

		KXX_TRY(guard->insert_node(std::move(memory), 16));
		return {};
	}
	Result<void> reserve() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(make_atomic_memory());
		auto guard = mm_.lock();

		KXX_TRY(guard->reserve_node(std::move(memory), reserved_at, 16));
		return {};
	}
	Result<void> replace() KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(make_memory());
		auto guard = mm_.lock();
		MmNode *node = guard->interval_first(start, start);
		auto replaced = KXX_TRY(guard->replace_node(node, std::move(memory)));

		return {};
	}
	unsigned int clear()
	{
		auto guard = mm_.lock();
		unsigned int nr = 0;

		for (MmNode &node : guard->nodes())
			nr += node.allocated();
		guard->clear();
		return nr;
	}
	u64 state() { return state_of(*mm_.lock()); }

private:
	SpinLock<Mm> mm_;
};

/* Adds nodes to @form; counts the nodes, and the failures that changed the allocator. */
template <typename Form> class Steps {
public:
	explicit Steps(Form &form) : form_(form) {}

	Result<void> run() KXX_MAY_SLEEP
	{
		KXX_TRY(step(&Form::insert));
		inserted_++;
		KXX_TRY(step(&Form::reserve));
		inserted_++;
		return step(&Form::replace);
	}
	unsigned int inserted() const { return inserted_; }
	unsigned int traces() const { return traces_; }

private:
	Result<void> step(Result<void> (Form::*one)())
	{
		u64 before = form_.state();
		auto result = (form_.*one)();

		if (!result)
			traces_ += form_.state() != before;
		return result;
	}

	Form &form_;
	unsigned int inserted_ = 0;
	unsigned int traces_ = 0;
};

/*
 * Repeats @attempt, with another allocation failing each time, until no allocation fails; that is
 * a pass. The kernel also allocates for itself (a slab, a stack trace), and an attempt may
 * succeed without such an allocation. So the number of allocations differs, and there are more
 * passes until each allocation of the attempt itself has failed once.
 */
template <typename F> void expect_each_can_fail(struct kunit *test, F attempt) KXX_MAY_SLEEP
{
	bool refused[32] = {};
	unsigned int nr_refused = 0;

	/* The first attempt, without failures, makes the allocations that happen only once. */
	asked = 0;
	KUNIT_ASSERT_TRUE(test, attempt());

	unsigned int allocations = asked;

	KUNIT_ASSERT_TRUE(test, allocations > 0 && allocations < 32);
	for (unsigned int pass = 0; pass < 10 && nr_refused < allocations; pass++) {
		bool happened = true;

		for (unsigned int n = 1; n < 1000 && happened; n++) {
			asked = 0;
			kxx_test_fail_nth(n);

			Result<void> result = attempt();

			happened = kxx_test_fail_nth_happened();
			KUNIT_EXPECT_EQ(test, Payload::alive, 0);
			if (result)
				continue;
			KUNIT_EXPECT_TRUE(test, happened);
			KUNIT_EXPECT_EQ(test, result.to_errno(), ENOMEM.to_errno());
			KUNIT_ASSERT_TRUE(test, asked > 0 && asked <= allocations);
			nr_refused += !refused[asked - 1];
			refused[asked - 1] = true;
		}
		KUNIT_EXPECT_FALSE(test, happened);
	}
	KUNIT_EXPECT_EQ(test, nr_refused, allocations);
}

/* Uses one allocator for all attempts; each failure must leave it unchanged. */
template <typename Form> void expect_allocator_as_before(struct kunit *test) KXX_MAY_SLEEP
{
	auto form = KUNIT_ASSERT_VALUE(test, Form::make());
	u64 before = form->state();
	auto attempt = [&]() KXX_MAY_SLEEP -> Result<void> {
		Steps<Form> steps(*form);
		auto result = steps.run();

		KUNIT_EXPECT_EQ(test, steps.traces(), 0);
		KUNIT_EXPECT_EQ(test, form->clear(), steps.inserted());
		KUNIT_EXPECT_EQ(test, form->state(), before);
		return result;
	};

	expect_each_can_fail(test, attempt);
}

/* Makes and destroys the allocator, with its nodes, in each attempt. */
template <typename Form> void expect_nothing_left(struct kunit *test) KXX_MAY_SLEEP
{
	auto attempt = []() KXX_MAY_SLEEP -> Result<void> {
		auto form = KXX_TRY(Form::make());

		return Steps<Form>(*form).run();
	};

	expect_each_can_fail(test, attempt);
}

} // namespace

static void failure_leaves_an_mm_as_it_was(struct kunit *test) KXX_MAY_SLEEP
{
	expect_allocator_as_before<CallerLocks>(test);
}

static void failure_leaves_a_shared_mm_as_it_was(struct kunit *test) KXX_MAY_SLEEP
{
	expect_allocator_as_before<IsShared>(test);
}

static void failure_leaves_an_owning_mm_as_it_was(struct kunit *test) KXX_MAY_SLEEP
{
	expect_allocator_as_before<OwnsItsNodes>(test);
}

static void each_allocation_of_a_new_mm_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	expect_nothing_left<CallerLocks>(test);
}

static void each_allocation_of_a_new_shared_mm_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	expect_nothing_left<IsShared>(test);
}

static void each_allocation_of_a_new_owning_mm_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	expect_nothing_left<OwnsItsNodes>(test);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_drm_mm_faults, "kxx_drm_mm_faults",
			   KXX_KUNIT_CASE(failure_leaves_an_mm_as_it_was),
			   KXX_KUNIT_CASE(failure_leaves_a_shared_mm_as_it_was),
			   KXX_KUNIT_CASE(failure_leaves_an_owning_mm_as_it_was),
			   KXX_KUNIT_CASE(each_allocation_of_a_new_mm_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_new_shared_mm_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_new_owning_mm_can_fail));
