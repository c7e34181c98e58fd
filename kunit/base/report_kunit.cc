// SPDX-License-Identifier: GPL-2.0
/*
 * report_kunit.cc - misuse that no compiler refuses: each case must leave its report in
 * the log, and nothing corrupted.
 *
 * The mistakes are made through raw pointers, or clang would refuse this file.
 */
#include <optional>

#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

#include "../sync/locks.hpp"

using namespace kxx;

/* Names that the reports have to show. */
namespace report {

struct First {};
struct Second {};
struct Third {};

} // namespace report

using namespace report;

namespace {

/* A guard as a member, where the language lets it be and no scope ends it. */
template <typename Lock> class Member {
public:
	explicit Member(Lock &lock) : guard_(lock.lock()) {}

private:
	decltype(std::declval<Lock &>().lock()) guard_;
};

/*
 * The sequence that no two local guards can be made to follow: the first ends
 * while the second still needs interrupts off. True if they were off for that
 * long, and are on after the last.
 */
template <typename First, typename Second>
bool end_in_the_order_of_begin(First &first, Second &second)
{
	std::optional<Member<First>> one;
	std::optional<Member<Second>> two;
	bool off = true;

	one.emplace(first);
	two.emplace(second);
	one.reset();
	off &= kxx_irqs_disabled();
	two.reset();
	return off && !kxx_irqs_disabled();
}

/* Counts how often it was dropped without having been given on. */
class Counted {
public:
	using Raw = u64 *;

	explicit Counted(u64 *dropped) : dropped_(dropped) {}
	Counted(Counted &&other) : dropped_(std::exchange(other.dropped_, nullptr)) {}
	Counted &operator=(Counted &&) = delete;
	Counted(const Counted &) = delete;
	Counted &operator=(const Counted &) = delete;
	~Counted()
	{
		if (dropped_)
			++*dropped_;
	}
	Raw into_raw() && { return std::exchange(dropped_, nullptr); }
	static Counted from_raw(Raw dropped) { return Counted(dropped); }

private:
	u64 *dropped_;
};

struct Never {
	static void timer_expired(Counted) {}
};

using Space = SpinLockIrq<drm::Mm<>>;

/* @name is the case's own, for its report to be told from those of the others. */
Result<Box<Space>> make_space(const char *name) KXX_MAY_SLEEP
{
	return Box<Space>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(0, 64)), name);
}

Result<drm::MmNode<> *> insert_raw(Space &space, u64 size) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));

	return KXX_TRY(space.lock()->insert_node(std::move(memory), size)).into_raw();
}

template <typename T> int errno_of(const Result<T> &result)
{
	return result ? 0 : result.error().to_errno();
}

/* What was wrong has left @space whole, and open to others. Its rest is 48 units. */
void expect_still_works(struct kunit *test, Space &space) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, errno_of(insert_raw(space, 49)), ENOSPC.to_errno());

	auto rest = insert_raw(space, 48);

	KUNIT_ASSERT_TRUE(test, rest);

	auto removed = space.lock()->remove_node(drm::Node<>::from_raw(std::move(rest).value()));

	KUNIT_EXPECT_TRUE(test, removed);
}

void expect_removal(struct kunit *test, Space &space, drm::MmNode<> *node)
{
	auto removed = space.lock()->remove_node(drm::Node<>::from_raw(node));

	KUNIT_EXPECT_TRUE(test, removed);
	KUNIT_EXPECT_TRUE(test, space.lock()->clean());
}

/* A driver that makes one mistake with each request. */
struct Careless {
	using Rq = Owned<Request<Careless>>;
	enum class Mistake { DROP, END_TWICE, GIVE_BACK_IN_COMPLETE, TIMER_AFTER_END };

	struct Pdu {
		HrTimer<Rq, Careless> timer;
	};

	explicit Careless(Mistake mistake) : mistake(mistake) {}

	QueueStatus queue_rq(Rq rq) const
	{
		rq.start();
		switch (mistake) {
		case Mistake::DROP:
			break;
		case Mistake::END_TWICE:
			end(&rq);
			end(&rq);
			break;
		case Mistake::GIVE_BACK_IN_COMPLETE:
			rq.complete();
			break;
		case Mistake::TIMER_AFTER_END: {
			auto &timer = rq->pdu().timer;
			Rq *hidden = &rq;

			end(hidden);
			timer.start(std::move(*hidden), 1);
			break;
		}
		}
		return QueueStatus::ok();
	}

	void complete(Rq rq) const { auto nobody_reads_it = rq.give_back(Retry::RESOURCE); }
	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }

	/* Through a pointer, where clang does not see that it has ended. */
	static void end(Rq *rq) { rq->end(BlkStatus::OK); }

	Mistake mistake;
};

/* A driver whose users of a request all go without a word. */
struct Silent {
	static constexpr bool shares_requests = true;

	QueueStatus queue_rq(Owned<Request<Silent>> rq) const
	{
		rq.start();

		auto one = rq.share();
		auto other = one.share();

		return QueueStatus::ok();
	}
};

/* Sends one read to @driver's disk; the bio's errno. */
template <typename Driver, typename... Args>
int read_from_sector(sector_t sector, Args... args) KXX_MAY_SLEEP
{
	auto run = [&]() KXX_MAY_SLEEP -> Result<int> {
		auto tags = KXX_TRY(TagSet<Driver>::make({}));
		auto driver = KXX_TRY(Box<Driver>::make(GFP_KERNEL, args...));
		/* Without capacity, add_disk() itself reads nothing. */
		auto disk = KXX_TRY(GenDisk<Driver>::add(std::move(driver), std::move(tags),
							 { .prefix = "kxxtest" }));
		struct Page {
			alignas(4096) unsigned char bytes[4096];
		};
		auto page = KXX_TRY(Box<Page>::make(GFP_KERNEL));

		kxx_test_set_capacity(disk.raw(), 1024);
		return kxx_test_bio(disk.raw(), KXX_REQ_OP_READ, sector, page->bytes, 4096);
	};
	auto ran = run();

	if (!ran)
		return ran.error().to_errno();
	return std::move(ran).value();
}

int read_from(Careless::Mistake mistake) KXX_MAY_SLEEP
{
	return read_from_sector<Careless>(static_cast<sector_t>(mistake) * 8, mistake);
}

} // namespace

static void node_dropped_while_inserted(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("node_dropped_while_inserted");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);
	{
		std::optional<drm::Node<>> dropped;

		dropped.emplace(drm::Node<>::from_raw(std::move(raw).value()));
	}
	/* The range stays taken, and the tree is still sound. */
	auto rest = insert_raw(*space, 48);

	KUNIT_ASSERT_TRUE(test, rest);
	KUNIT_EXPECT_FALSE(test, insert_raw(*space, 1));

	auto removed = space->lock()->remove_node(drm::Node<>::from_raw(std::move(rest).value()));

	KUNIT_EXPECT_TRUE(test, removed);
	/* The dropped node is listed, and its memory freed, as the allocator goes. */
}

static void node_removed_from_another_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("node_removed_from_another_allocator");
	auto other = make_space("node_removed_from_another_allocator");

	KUNIT_ASSERT_TRUE(test, made && other);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto removed = std::move(other).value()->lock()->remove_node(
		drm::Node<>::from_raw(std::move(raw).value()));

	KUNIT_ASSERT_TRUE(test, !removed);
	KUNIT_EXPECT_EQ(test, removed.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_FALSE(test, space->lock()->clean());
	expect_still_works(test, *space);
}

static void node_of_an_allocator_that_was_there_before(struct kunit *test) KXX_MAY_SLEEP
{
	using Place = std::optional<drm::Mm<>>;
	auto range = drm::MmRange::make(0, 64);
	auto place = Box<Place>::make(GFP_KERNEL);
	auto memory = drm::FreeNode<>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, range && place);
	KUNIT_ASSERT_TRUE(test, memory);

	auto whole = std::move(range).value();
	Box<Place> box = std::move(place).value();
	Place &mm = *box;

	mm.emplace(whole, "node_of_an_allocator_that_was_there_before");

	auto inserted = mm->insert_node(std::move(memory).value(), 16);

	KUNIT_ASSERT_TRUE(test, inserted);

	auto *raw = std::move(inserted).value().into_raw();

	/* The next one is at the address of the first. */
	mm.reset();
	mm.emplace(whole, "node_of_an_allocator_that_was_there_before");

	auto removed = mm->remove_node(drm::Node<>::from_raw(raw));

	KUNIT_ASSERT_TRUE(test, !removed);
	KUNIT_EXPECT_EQ(test, removed.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, mm->clean());
}

static void node_replaced_in_another_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("node_replaced_in_another_allocator");
	auto second = make_space("node_replaced_in_another_allocator");
	auto allocated = drm::FreeNode<>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, made && second);
	KUNIT_ASSERT_TRUE(test, allocated);

	Box<Space> space = std::move(made).value();
	Box<Space> other = std::move(second).value();
	drm::FreeNode<> memory = std::move(allocated).value();
	auto *hidden = &memory;
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto *old = std::move(raw).value();
	auto node = drm::Node<>::from_raw(old);
	auto replaced = other->lock()->replace_node(node, std::move(memory));

	KUNIT_EXPECT_TRUE(test, !replaced);
	KUNIT_EXPECT_EQ(test, errno_of(replaced), EINVAL.to_errno());
	/* Both are as before. */
	KUNIT_EXPECT_TRUE(test, node.as_raw() == old && old->allocated());
	KUNIT_EXPECT_TRUE(test, hidden->as_raw() && !(*hidden)->allocated());
	KUNIT_EXPECT_TRUE(test, other->lock()->clean());
	KUNIT_EXPECT_TRUE(test, space->lock()->replace_node(node, std::move(*hidden)));
	KUNIT_EXPECT_TRUE(test, space->lock()->remove_node(std::move(node)));
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
}

static void node_outlives_its_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	std::optional<Box<Space>> space;
	auto made = make_space("node_outlives_its_allocator");

	KUNIT_ASSERT_TRUE(test, made);
	space.emplace(std::move(made).value());

	auto raw = insert_raw(**space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	std::optional<drm::Node<>> late;

	late.emplace(drm::Node<>::from_raw(std::move(raw).value()));
	/* Lists the node and takes it out; then the node goes without a word. */
	space.reset();
	late.reset();
}

static void nodes_left_in_an_owning_mm(struct kunit *test) KXX_MAY_SLEEP
{
	using Owning = SpinLock<drm::OwningMm<>>;
	auto range = drm::MmRange::make(0, 64);
	auto memory = drm::FreeNode<>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, range && memory);

	auto made = Box<Owning>::make(GFP_KERNEL, std::move(range).value(),
				      "nodes_left_in_an_owning_mm");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Owning> space = std::move(made).value();
	auto guard = space->lock();

	KUNIT_EXPECT_TRUE(test, guard->reserve_node(std::move(memory).value(), 8, 16));
	/* Listed, and freed, as the allocator goes. */
}

static void request_dropped_by_its_driver(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::DROP), EIO.to_errno());
}

static void shared_request_dropped_by_all(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from_sector<Silent>(512), EIO.to_errno());
}

/* A driver that ends one of two users twice, in an optional, where clang is blind. */
struct Twice {
	static constexpr bool shares_requests = true;

	QueueStatus queue_rq(Owned<Request<Twice>> rq) const
	{
		rq.start();

		std::optional<ARef<Request<Twice>>> one = rq.share();
		auto other = one->share();

		one->end(BlkStatus::OK);
		one->end(BlkStatus::IOERR);
		other.end(BlkStatus::IOERR);
		return QueueStatus::ok();
	}
};

/* A driver that puts a request back that it has started. */
struct Undecided {
	QueueStatus queue_rq(Owned<Request<Undecided>>) const { return QueueStatus::ok(); }

	void queue_rqs(RequestList<Undecided> &list) const
	{
		while (auto rq = list.pop()) {
			rq->start();
			list.put_back(*std::move(rq));
		}
	}
};

static void started_request_put_back(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Undecided>::make({ .no_sched = true }));
		auto driver = KXX_TRY(Box<Undecided>::make(GFP_KERNEL));
		auto disk = KXX_TRY(GenDisk<Undecided>::add(std::move(driver), std::move(tags),
							    { .prefix = "kxxtest" }));

		kxx_test_set_capacity(disk.raw(), 1024);
		KUNIT_EXPECT_EQ(test, kxx_test_bios(disk.raw(), 2, false), 0);
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

static void shared_request_ended_twice(struct kunit *test) KXX_MAY_SLEEP
{
	/* The second end() finds nothing to let go of: the other user still counts. */
	KUNIT_EXPECT_EQ(test, read_from_sector<Twice>(512), 0);
}

/* A driver whose timer has the request for longer than del_gendisk() waits in silence. */
struct Slow {
	using Rq = Owned<Request<Slow>>;

	struct Pdu {
		HrTimer<Rq, Slow> timer;
	};

	QueueStatus queue_rq(Rq rq) const
	{
		auto &timer = rq->pdu().timer;

		rq.start();
		timer.start(std::move(rq), 12'000'000'000);
		return QueueStatus::ok();
	}
	static void timer_expired(Rq rq)
	{
		ended = true;
		rq.end(BlkStatus::OK);
	}

	static inline bool ended;
};

static void del_gendisk_waits_for_requests(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = []() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Slow>::make({}));
		auto driver = KXX_TRY(Box<Slow>::make(GFP_KERNEL));
		auto disk = KXX_TRY(GenDisk<Slow>::add(std::move(driver), std::move(tags),
						       { .prefix = "kxxtest" }));

		kxx_test_set_capacity(disk.raw(), 1024);
		return Result<void>::from_errno(kxx_test_bio_nowait(disk.raw()));
	};

	Slow::ended = false;
	KUNIT_EXPECT_TRUE(test, run());
	/* The disk went at the end of run(). */
	KUNIT_EXPECT_TRUE(test, Slow::ended);
}

static void request_ended_twice(struct kunit *test) KXX_MAY_SLEEP
{
	/* The second end() finds nothing to end: the request itself is fine. */
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::END_TWICE), 0);
}

static void request_given_back_outside_queue_rq(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::GIVE_BACK_IN_COMPLETE), EIO.to_errno());
}

static void timer_started_with_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::TIMER_AFTER_END), 0);
}

static void node_removed_twice(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("node_removed_twice");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto node = drm::Node<>::from_raw(std::move(raw).value());
	auto *hidden = &node;
	auto first = space->lock()->remove_node(std::move(node));
	auto second = space->lock()->remove_node(std::move(*hidden));

	KUNIT_EXPECT_TRUE(test, first);
	KUNIT_ASSERT_TRUE(test, !second);
	KUNIT_EXPECT_EQ(test, second.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
}

static void node_of_an_owning_mm_removed_twice(struct kunit *test) KXX_MAY_SLEEP
{
	using Owning = SpinLock<drm::OwningMm<>>;
	auto range = drm::MmRange::make(0, 64);
	auto memory = drm::FreeNode<>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, range && memory);

	auto made = Box<Owning>::make(GFP_KERNEL, std::move(range).value(),
				      "node_of_an_owning_mm_removed_twice");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Owning> space = std::move(made).value();
	auto guard = space->lock();
	auto inserted = guard->insert_node(std::move(memory).value(), 16);

	KUNIT_ASSERT_TRUE(test, inserted);

	drm::MmNode<> *node = std::move(inserted).value();
	auto first = guard->remove_node(*node);
	auto second = guard->remove_node(*node);

	KUNIT_ASSERT_TRUE(test, first);
	KUNIT_ASSERT_TRUE(test, !second);
	KUNIT_EXPECT_EQ(test, second.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, guard->clean());

	/* The memory is still the caller's, to be used again. */
	auto again = guard->insert_node(std::move(first).value(), 64);

	KUNIT_ASSERT_TRUE(test, again);
	KUNIT_EXPECT_TRUE(test, std::move(again).value() == node);
	KUNIT_EXPECT_TRUE(test, guard->remove_node(*node));
}

static void memory_inserted_twice(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("memory_inserted_twice");
	auto allocated = drm::FreeNode<>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, made && allocated);

	Box<Space> space = std::move(made).value();
	drm::FreeNode<> memory = std::move(allocated).value();
	auto *hidden = &memory;
	auto first = space->lock()->insert_node(std::move(memory), 16);
	auto second = space->lock()->insert_node(std::move(*hidden), 16);

	KUNIT_EXPECT_EQ(test, second ? 0 : second.error().to_errno(), EINVAL.to_errno());
	KUNIT_ASSERT_TRUE(test, first);

	auto removed = space->lock()->remove_node(std::move(first).value());

	KUNIT_EXPECT_TRUE(test, removed);
}

static void insertion_during_a_scan(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("insertion_during_a_scan");
	auto allocated = drm::FreeNode<>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, made && allocated);

	Box<Space> space = std::move(made).value();
	drm::FreeNode<> memory = std::move(allocated).value();
	auto *hidden = &memory;
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto *node = std::move(raw).value();
	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), 0);

		auto inserted = guard->insert_node(std::move(memory), 1);
		auto reserved = guard->reserve_node(std::move(*hidden), 40, 1);

		KUNIT_EXPECT_EQ(test, errno_of(inserted), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(reserved), ENOSPC.to_errno());
		KUNIT_EXPECT_TRUE(test, hidden->as_raw() && !(*hidden)->allocated());

		auto block = scan.remove_block();

		KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
	}
	expect_still_works(test, *space);
	expect_removal(test, *space, node);
}

static void node_removed_during_a_scan(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("node_removed_during_a_scan");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto *node = std::move(raw).value();
	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), 0);
		KUNIT_EXPECT_EQ(test, errno_of(guard->remove_node(drm::Node<>::from_raw(node))),
				EINVAL.to_errno());

		auto block = scan.remove_block();

		KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
	}
	/* As one that was dropped, it stays, and goes with the allocator. */
	KUNIT_EXPECT_TRUE(test, node->allocated());
	expect_still_works(test, *space);
}

static void node_twice_on_the_roster(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("node_twice_on_the_roster");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto *node = std::move(raw).value();
	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), 0);
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), EINVAL.to_errno());

		auto block = scan.remove_block();

		KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
	}
	expect_still_works(test, *space);
	expect_removal(test, *space, node);
}

static void node_of_another_allocator_on_the_roster(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("node_of_another_allocator_on_the_roster");
	auto second = make_space("node_of_another_allocator_on_the_roster");

	KUNIT_ASSERT_TRUE(test, made && second);

	Box<Space> space = std::move(made).value();
	Box<Space> other = std::move(second).value();
	auto raw = insert_raw(*space, 16);
	auto wrong = insert_raw(*other, 16);

	KUNIT_ASSERT_TRUE(test, raw && wrong);

	auto *node = std::move(raw).value();
	auto *others = std::move(wrong).value();
	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		/* As the first one, and after another. */
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*others)), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), 0);
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*others)), EINVAL.to_errno());

		auto block = scan.remove_block();

		KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
	}
	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		/* Alone, it does not leave the allocator closed. */
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*others)), EINVAL.to_errno());
	}
	expect_still_works(test, *space);
	expect_removal(test, *space, node);
	expect_still_works(test, *other);
	expect_removal(test, *other, others);
}

static void removed_node_on_the_roster(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("removed_node_on_the_roster");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto *node = std::move(raw).value();
	auto removed = space->lock()->remove_node(drm::Node<>::from_raw(node));

	KUNIT_ASSERT_TRUE(test, removed);
	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), EINVAL.to_errno());
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
	}
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());

	auto again = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, again);
	expect_still_works(test, *space);
	expect_removal(test, *space, std::move(again).value());
}

static void moved_node_on_the_roster(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("moved_node_on_the_roster");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto node = drm::Node<>::from_raw(std::move(raw).value());
	auto *hidden = &node;
	auto *moved = std::move(node).into_raw();
	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*hidden)), EINVAL.to_errno());
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
	}
	expect_still_works(test, *space);
	expect_removal(test, *space, moved);
}

static void second_scan_at_work(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space("second_scan_at_work");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto one = insert_raw(*space, 8);
	auto another = insert_raw(*space, 8);

	KUNIT_ASSERT_TRUE(test, one && another);

	auto *node = std::move(one).value();
	auto *other = std::move(another).value();
	{
		auto guard = space->lock();
		drm::MmScan first(*guard, 8, 0, 0, drm::MmInsertMode::BEST);
		drm::MmScan before(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(first.add_block(*node)), 0);
		KUNIT_EXPECT_EQ(test, errno_of(before.add_block(*other)), EBUSY.to_errno());

		/* One that is made only now, too. */
		drm::MmScan after(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(after.add_block(*other)), EBUSY.to_errno());
		KUNIT_EXPECT_FALSE(test, before.remove_block());
		KUNIT_EXPECT_FALSE(test, after.remove_block());
		/* Which is nothing to the first. */
		KUNIT_EXPECT_EQ(test, errno_of(first.add_block(*other)), 0);

		auto last = first.remove_block();

		KUNIT_EXPECT_TRUE(test, last.node == other);
		KUNIT_EXPECT_TRUE(test, first.remove_block().node == node);
	}
	expect_still_works(test, *space);

	auto removed = space->lock()->remove_node(drm::Node<>::from_raw(other));

	KUNIT_EXPECT_TRUE(test, removed);
	expect_removal(test, *space, node);
}

static void guard_ends_out_of_order(struct kunit *test)
{
	SpinLockIrq<First> first;
	SpinLockIrq<Second> second;

	/* On PREEMPT_RT these guards hold nothing off, and their order is nobody's business. */
	KUNIT_EXPECT_EQ(test, end_in_the_order_of_begin(first, second), locks::spinlock_irqs_off);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	/* Both locks are free. */
	KUNIT_EXPECT_TRUE(test, first.try_lock());
	KUNIT_EXPECT_TRUE(test, second.try_lock());
}

static void local_guard_ends_out_of_order(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = LocalLockIrq<First>::make();

	KUNIT_ASSERT_TRUE(test, made);

	LocalLockIrq<First> first = std::move(made).value();
	SpinLockIrq<Third> third;

	KUNIT_EXPECT_EQ(test, end_in_the_order_of_begin(first, third), locks::spinlock_irqs_off);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void raw_guard_ends_out_of_order(struct kunit *test)
{
	RawSpinLockIrq<First> first;
	RawSpinLockIrq<Second> second;
	RawSpinLockIrq<Third> third;

	KUNIT_EXPECT_TRUE(test, end_in_the_order_of_begin(first, second));
	{
		std::optional<Member<RawSpinLockIrq<First>>> one;
		std::optional<Member<RawSpinLockIrq<Second>>> two;
		std::optional<Member<RawSpinLockIrq<Third>>> three;

		one.emplace(first);
		two.emplace(second);
		three.emplace(third);
		two.reset();
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		one.reset();
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		three.reset();
		KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void data_opened_with_another_lock(struct kunit *test)
{
	SpinLock<First> right;
	SpinLock<First> wrong;
	LockedBy<Second, SpinLock<First>> data(right);
	bool opened = false;
	auto guard = wrong.lock();
	auto with = data.with(guard, [&](Second &) { opened = true; });

	KUNIT_EXPECT_EQ(test, with.to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_FALSE(test, opened);
}

static void timer_started_while_armed(struct kunit *test) KXX_MAY_SLEEP
{
	using Timer = HrTimer<Counted, Never>;
	auto made = Box<Timer>::make(GFP_KERNEL);
	u64 first = 0;
	u64 second = 0;

	KUNIT_ASSERT_TRUE(test, made);
	{
		Box<Timer> timer = std::move(made).value();

		timer->start(Counted(&first), 3'600'000'000'000);
		timer->start(Counted(&second), 1);
		KUNIT_EXPECT_EQ(test, first, 0);
		KUNIT_EXPECT_EQ(test, second, 1);
	}
	/* The timer dropped what it had when it went. */
	KUNIT_EXPECT_EQ(test, first, 1);
	KUNIT_EXPECT_EQ(test, second, 1);
}

/* What C returned for success, or without the minus, is no error. */
static void error_made_of_a_positive_number(struct kunit *test)
{
	/* Not a constant, which clang would refuse. */
	volatile int number = 22;
	auto result = Result<void>::from_errno(number);

	KUNIT_EXPECT_TRUE(test, !result);
	KUNIT_EXPECT_EQ(test, result.to_errno(), EIO.to_errno());
}

static void error_made_of_zero(struct kunit *test)
{
	volatile int zero = 0;
	Result<u64> result = Errno::from_errno(zero);

	KUNIT_ASSERT_TRUE(test, !result);
	KUNIT_EXPECT_EQ(test, result.error().to_errno(), EIO.to_errno());
}

KXX_KUNIT_SUITE_ON_REQUEST(
	kxx_kunit_report, "kxx_report", KXX_KUNIT_CASE(data_opened_with_another_lock),
	KXX_KUNIT_CASE(error_made_of_a_positive_number), KXX_KUNIT_CASE(error_made_of_zero),
	KXX_KUNIT_CASE(guard_ends_out_of_order), KXX_KUNIT_CASE(insertion_during_a_scan),
	KXX_KUNIT_CASE(local_guard_ends_out_of_order), KXX_KUNIT_CASE(memory_inserted_twice),
	KXX_KUNIT_CASE(moved_node_on_the_roster), KXX_KUNIT_CASE(node_dropped_while_inserted),
	KXX_KUNIT_CASE(node_of_an_allocator_that_was_there_before),
	KXX_KUNIT_CASE(node_of_an_owning_mm_removed_twice),
	KXX_KUNIT_CASE(node_of_another_allocator_on_the_roster),
	KXX_KUNIT_CASE(node_outlives_its_allocator), KXX_KUNIT_CASE(node_removed_during_a_scan),
	KXX_KUNIT_CASE(node_removed_from_another_allocator), KXX_KUNIT_CASE(node_removed_twice),
	KXX_KUNIT_CASE(node_replaced_in_another_allocator),
	KXX_KUNIT_CASE(node_twice_on_the_roster), KXX_KUNIT_CASE(nodes_left_in_an_owning_mm),
	KXX_KUNIT_CASE(raw_guard_ends_out_of_order), KXX_KUNIT_CASE(removed_node_on_the_roster),
	KXX_KUNIT_CASE(del_gendisk_waits_for_requests),
	KXX_KUNIT_CASE(request_dropped_by_its_driver), KXX_KUNIT_CASE(request_ended_twice),
	KXX_KUNIT_CASE(shared_request_dropped_by_all), KXX_KUNIT_CASE(shared_request_ended_twice),
	KXX_KUNIT_CASE(request_given_back_outside_queue_rq), KXX_KUNIT_CASE(second_scan_at_work),
	KXX_KUNIT_CASE(started_request_put_back), KXX_KUNIT_CASE(timer_started_while_armed),
	KXX_KUNIT_CASE(timer_started_with_nothing));
