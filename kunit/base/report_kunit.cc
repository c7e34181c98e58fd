// SPDX-License-Identifier: GPL-2.0
/*
 * report_kunit.cc - misuse of locks, requests, timers and errors that no compiler refuses
 *
 * Each case must corrupt nothing and leave its report in the log, unless the kernel makes the
 * mistake harmless. scripts/tests/kunit checks the log. kunit/mm/report_mm_kunit.cc has the misuse
 * of drm_mm.
 *
 * The mistakes are made through pointers, std::optional and members, since clang's analyses would
 * refuse the direct form.
 */
#include <optional>

#include <kxx/base/string.hpp>
#include <kxx/base/xarray.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/fs/miscdevice.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/sync/workqueue.hpp>

#include "../sync/locks.hpp"

using namespace kxx;

/* Types whose names must appear in the reports. */
namespace report {

struct First {};
struct Second {};
struct Third {};

} // namespace report

using namespace report;

namespace {

/*
 * Holds a guard as a member. The language permits that, and nothing then forces the guards to end
 * in reverse order.
 */
template <typename Lock> class Member {
public:
	explicit Member(Lock &lock) : guard_(lock.lock()) {}

private:
	decltype(std::declval<Lock &>().lock()) guard_;
};

/*
 * Makes two guards end in the wrong order: the first one ends while the second one still needs
 * interrupts off. Returns true if interrupts were off until the second guard ended, and on
 * afterwards.
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

/* Increments *@dropped in its destructor, unless it was moved from or passed on by into_raw(). */
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

/* Makes one mistake with each request. */
struct Careless {
	using Rq = Owned<Request<Careless>>;
	enum class Mistake {
		DROP,
		END_TWICE,
		GIVE_BACK_IN_COMPLETE,
		PART_OF_A_SECTOR,
		TIMER_AFTER_END,
		USE_AFTER_END
	};

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
		case Mistake::PART_OF_A_SECTOR: {
			unsigned int all = rq->bytes();

			/* One sector of the 600 bytes ends. */
			if (auto rest = rq.end_part(BlkStatus::OK, 600)) {
				auto left = take(*rest);

				left.end(left->bytes() == all - 512 ? BlkStatus::OK
								    : BlkStatus::IOERR);
			}
			break;
		}
		case Mistake::TIMER_AFTER_END: {
			auto &timer = rq->pdu().timer;
			Rq *hidden = &rq;

			end(hidden);
			timer.start(std::move(*hidden), 1);
			break;
		}
		case Mistake::USE_AFTER_END: {
			Rq *hidden = &rq;

			end(hidden);
			hidden->start();
			hidden->complete();
			auto nothing = hidden->end_part(BlkStatus::IOERR, 512);
			hidden->requeue();
			hidden->abandon();
			return hidden->give_back(Retry::RESOURCE);
		}
		}
		return QueueStatus::ok();
	}

	void complete(Rq rq) const { auto nobody_reads_it = rq.give_back(Retry::RESOURCE); }
	void timed_out(Rq rq) const { rq.end(BlkStatus::TIMEOUT); }
	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }

	/* Takes a pointer, so that clang does not see that the request has ended. */
	static void end(Rq *rq) { rq->end(BlkStatus::OK); }

	Mistake mistake;
};

/* Drops both references to a shared request without ending it. */
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

/* Makes a disk of a @Driver and sends one read to it. Returns 0, or an errno of either step. */
template <typename Driver, typename... Args>
int read_from_sector(sector_t sector, Args... args) KXX_MAY_SLEEP
{
	auto run = [&]() KXX_MAY_SLEEP -> Result<int> {
		auto tags = KXX_TRY(TagSet<Driver>::make({ .timeout_msecs = 1000 }));
		auto driver = KXX_TRY(Box<Driver>::make(GFP_KERNEL, args...));
		/* Add the disk without capacity: add_disk() then reads no partition table. */
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

static void request_dropped_by_its_driver(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::DROP), EIO.to_errno());
}

static void shared_request_dropped_by_all(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from_sector<Silent>(512), EIO.to_errno());
}

/* Ends one of the references twice; it is in a std::optional, where clang cannot track it. */
struct Twice {
	static constexpr bool shares_requests = true;

	QueueStatus queue_rq(Owned<Request<Twice>> rq) const
	{
		rq.start();

		std::optional<ARef<Request<Twice>>> one = rq.share();
		auto other = one->share();

		one->end(BlkStatus::OK);
		one->end(BlkStatus::IOERR);
		auto nothing = one->try_unshare();
		other.end(BlkStatus::IOERR);
		return QueueStatus::ok();
	}
};

/* Puts a request back to the list after starting it. */
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

/* Drops a RequestBatch without ending it. */
struct Forgetful {
	QueueStatus queue_rq(Owned<Request<Forgetful>>) const { return QueueStatus::ok(); }

	void queue_rqs(RequestList<Forgetful> &list) const
	{
		RequestBatch<Forgetful> batch;

		while (auto rq = list.pop()) {
			rq->start();
			auto before = batch.add(*std::move(rq));
		}
	}
	void complete(RequestBatch<Forgetful> batch) const { batch.end(BlkStatus::OK); }
};

/* Uses each request in every possible way after it ended the request. */
struct Late {
	QueueStatus queue_rq(Owned<Request<Late>>) const { return QueueStatus::ok(); }

	void queue_rqs(RequestList<Late> &list) const
	{
		RequestBatch<Late> waiting;
		CompletionBatch<Late> ended;

		while (auto rq = list.pop()) {
			Owned<Request<Late>> *hidden = &*rq;

			hidden->start();
			hidden->end(BlkStatus::OK);
			ended.end(std::move(*hidden), BlkStatus::OK);
			list.put_back(std::move(*hidden));
			auto before = waiting.add(std::move(*hidden));
		}
	}
};

/* Sends two reads to a disk as one list. Returns the number of successful reads, or an errno. */
template <typename Driver> static int read_two() KXX_MAY_SLEEP
{
	auto run = []() KXX_MAY_SLEEP -> Result<int> {
		auto tags = KXX_TRY(TagSet<Driver>::make({ .no_sched = true }));
		auto driver = KXX_TRY(Box<Driver>::make(GFP_KERNEL));
		auto disk = KXX_TRY(GenDisk<Driver>::add(std::move(driver), std::move(tags),
							 { .prefix = "kxxtest" }));

		kxx_test_set_capacity(disk.raw(), 1024);
		return kxx_test_bios(disk.raw(), 2, false);
	};
	auto ran = run();

	if (!ran)
		return ran.error().to_errno();
	return std::move(ran).value();
}

static void started_request_put_back(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_two<Undecided>(), 0);
}

static void batch_dropped_by_its_driver(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_two<Forgetful>(), 0);
}

static void ended_request_handed_on(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_two<Late>(), 2);
}

static void empty_batch_ended(struct kunit *test)
{
	RequestBatch<Forgetful> batch;

	batch.end(BlkStatus::OK);
	batch.complete();
	KUNIT_EXPECT_FALSE(test, batch);
}

static void shared_request_ended_twice(struct kunit *test) KXX_MAY_SLEEP
{
	/* The second end() must do nothing: the request still waits for the other reference. */
	KUNIT_EXPECT_EQ(test, read_from_sector<Twice>(512), 0);
}

/* Keeps the request in a timer for so long that del_gendisk() reports it while it waits. */
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
	/* run() destroyed the disk, so del_gendisk() must have waited for the request. */
	KUNIT_EXPECT_TRUE(test, Slow::ended);
}

static void frozen_queue_ends_after_its_disk(struct kunit *test) KXX_MAY_SLEEP
{
	std::optional<FrozenQueue> frozen;
	auto run = [&frozen]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Slow>::make({ .blocking = true }));
		auto driver = KXX_TRY(Box<Slow>::make(GFP_KERNEL));
		auto disk = KXX_TRY(GenDisk<Slow>::add(std::move(driver), std::move(tags),
						       { .prefix = "kxxtest" }));

		frozen.emplace(kxx_disk_queue(disk.raw()));
		/* Since 7.3 lockdep reports that del_gendisk() might wait for the frozen queue. */
		kxx_test_lockdep_off();
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
	kxx_test_lockdep_on();
	/* Wait until call_rcu() would have freed the queue if this held no reference. */
	kxx_test_rcu_barrier();
	frozen.reset();
}

/* Ends a FrozenQueue in a task of a workqueue. */
struct Resuming {
	void work() KXX_MAY_SLEEP
	{
		frozen.reset();
		done.set(1);
	}

	locks::Flag done;
	std::optional<FrozenQueue> frozen;
	Work<Resuming> resume{ *this };
};

static void frozen_queue_ends_in_another_task(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = []() KXX_MAY_SLEEP -> Result<void> {
		auto wq = KXX_TRY(Workqueue::make("kxx_test"));
		auto tags = KXX_TRY(TagSet<Slow>::make({}));
		auto driver = KXX_TRY(Box<Slow>::make(GFP_KERNEL));
		auto disk = KXX_TRY(GenDisk<Slow>::add(std::move(driver), std::move(tags),
						       { .prefix = "kxxtest" }));
		auto resuming = KXX_TRY(Box<Resuming>::make(GFP_KERNEL));

		/* Lockdep would report that this task never releases what it takes here. */
		kxx_test_lockdep_off();
		resuming->frozen.emplace(kxx_disk_queue(disk.raw()));
		kxx_test_lockdep_on();
		resuming->resume.queue_work(wq);
		while (!resuming->done.get())
			kxx_test_msleep(1);
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

/* Maps requests of a type that the tag set lacks, and to hardware queues that it lacks. */
struct Misplacing {
	QueueStatus queue_rq(Owned<Request<Misplacing>> rq) const
	{
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

	static void map_queues(QueueMaps &maps)
	{
		unsigned int queues = maps.nr_hw_queues();

		maps.map(HctxType::DEFAULT, queues, 0);
		maps.map(HctxType::POLL, 1, 0);
		maps.map(HctxType::DEFAULT, 1, queues);
		maps.map(HctxType::DEFAULT, ~0u, 1);
		maps.map(HctxType::DEFAULT, queues - 1, 0);
	}
};

static void queue_mapped_that_the_tag_set_lacks(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from_sector<Misplacing>(0), 0);
}

static void request_ended_twice(struct kunit *test) KXX_MAY_SLEEP
{
	/* The second end() must do nothing; the request itself succeeded. */
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::END_TWICE), 0);
}

static void request_used_after_end(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::USE_AFTER_END), 0);
}

static void request_given_back_outside_queue_rq(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::GIVE_BACK_IN_COMPLETE), EIO.to_errno());
}

static void timer_started_with_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::TIMER_AFTER_END), 0);
}

static void part_of_a_sector_ended(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::PART_OF_A_SECTOR), 0);
}

/* Abandons a request before start(), so blk-mq would never let it time out. */
struct Unstarted {
	QueueStatus queue_rq(Owned<Request<Unstarted>> rq) const
	{
		rq.abandon();
		return QueueStatus::ok();
	}
	void timed_out(Owned<Request<Unstarted>> rq) const { rq.end(BlkStatus::TIMEOUT); }
};

static void request_abandoned_before_its_start(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, read_from_sector<Unstarted>(0), ETIMEDOUT.to_errno());
}

/* Reports all zones, however many the caller asks for. */
struct Talkative {
	static constexpr sector_t zone_sectors = 8;
	static constexpr unsigned int nr_zones = 4;

	QueueStatus queue_rq(Owned<Request<Talkative>> rq) const
	{
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

	Result<void> report_zones(sector_t sector, unsigned int,
				  ZoneReport &report) const KXX_MAY_SLEEP
	{
		for (; sector < nr_zones * zone_sectors; sector += zone_sectors)
			KXX_TRY(report.add({ .start = sector,
					     .len = zone_sectors,
					     .capacity = zone_sectors,
					     .wp = sector,
					     .type = ZoneType::SEQWRITE_REQ,
					     .cond = ZoneCond::EMPTY }));
		return {};
	}
};

static void more_zones_reported_than_asked_for(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Talkative>::make({}));
		auto disk = KXX_TRY(GenDisk<Talkative>::add(
			KXX_TRY(Box<Talkative>::make(GFP_KERNEL)), std::move(tags),
			{ .limits = { .zoned = true, .chunk_sectors = Talkative::zone_sectors },
			  .prefix = "kxxtest",
			  .capacity = Talkative::nr_zones * Talkative::zone_sectors,
			  .scan_partitions = false }));
		sector_t wp;

		KUNIT_EXPECT_EQ(test, kxx_test_report_zones(disk.raw(), 4, 0, &wp), 4);
		/* The driver reports one more. */
		KUNIT_EXPECT_EQ(test, kxx_test_report_zones(disk.raw(), 3, 0, &wp),
				EINVAL.to_errno());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

static void guard_ends_out_of_order(struct kunit *test)
{
	SpinLockIrq<First> first;
	SpinLockIrq<Second> second;

	/* On PREEMPT_RT these guards leave interrupts on, so their order does not matter. */
	KUNIT_EXPECT_EQ(test, end_in_the_order_of_begin(first, second), locks::spinlock_irqs_off);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());

	auto first_again = first.try_lock();

	KUNIT_ASSERT_TRUE(test, first_again);

	auto second_again = second.try_lock(first_again);

	KUNIT_EXPECT_TRUE(test, second_again);
}

static void local_guard_ends_out_of_order(struct kunit *test) KXX_MAY_SLEEP
{
	auto first = KUNIT_ASSERT_VALUE(test, LocalLockIrq<First>::make());
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
	u64 first = 0;
	u64 second = 0;

	{
		auto timer = KUNIT_ASSERT_VALUE(test, Box<Timer>::make(GFP_KERNEL));

		timer->start(Counted(&first), 3'600'000'000'000);
		timer->start(Counted(&second), 1);
		KUNIT_EXPECT_EQ(test, first, 0);
		KUNIT_EXPECT_EQ(test, second, 1);
	}
	/* The destructor of the timer dropped the object that it held. */
	KUNIT_EXPECT_EQ(test, first, 1);
	KUNIT_EXPECT_EQ(test, second, 1);
}

static void xarray_entry_moved_from(struct kunit *test) KXX_MAY_SLEEP
{
	XArray<Box<First>> entries;
	std::optional<Box<First>> entry = KUNIT_ASSERT_VALUE(test, Box<First>::make(GFP_KERNEL));

	KUNIT_EXPECT_TRUE(test, entries.insert(1, take(*entry), GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, entries.insert(2, take(*entry), GFP_KERNEL).to_errno(),
			EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, entries.load(1) != nullptr);
	KUNIT_EXPECT_TRUE(test, entries.load(2) == nullptr);
}

/* A positive number is not an errno: from_errno() must report it and return EIO. */
static void error_made_of_a_positive_number(struct kunit *test)
{
	/* A constant would be refused by clang. */
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

static void error_made_of_what_is_below_all_errors(struct kunit *test)
{
	volatile int below = -4096;
	Result<u64> result = Errno::from_errno(below);

	KUNIT_ASSERT_TRUE(test, !result);
	KUNIT_EXPECT_EQ(test, result.error().to_errno(), EIO.to_errno());
}

static void memory_copied_beyond_an_array(struct kunit *test)
{
	struct {
		char name[16] = {};
		u64 after = 7;
	} device;
	char text[sizeof(device)] = { 1 };
	/* A constant would be refused by GCC. */
	volatile size_t size = sizeof(device);

	memcpy(device.name, text, size);
	memcpy(text, device.name, size);
	memset(device.name, 1, size);
	KUNIT_EXPECT_EQ(test, device.name[0], 0);
	KUNIT_EXPECT_EQ(test, device.after, 7);
	KUNIT_EXPECT_EQ(test, text[0], 1);
}

static void memory_beyond_an_array_read_by_user_space(struct kunit *test) KXX_MAY_SLEEP
{
	loff_t pos = 0;
	/* A constant would be refused by GCC. */
	volatile size_t size = 64;
	UserOutput to(nullptr, size, pos, false);
	char text[16] = {};

	KUNIT_EXPECT_FALSE(test, to.copy_to_user(text, to.size()));
	KUNIT_EXPECT_FALSE(test, to.simple_read_from_buffer(text, to.size()));
}

/* Keeps a reference to a guard. The language permits that beyond the guard's end. */
struct Borrower {
	RawSpinLockIrq<First>::Guard &outer;
};

static void guard_relies_on_one_that_has_ended(struct kunit *test)
{
	RawSpinLockIrq<First> first;
	RawSpinLockIrq<Second> second;
	std::optional<Borrower> borrower;

	{
		auto outer = first.lock();

		borrower.emplace(outer);
	}
	{
		auto guard = second.lock(borrower->outer);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

KXX_KUNIT_SUITE_ON_REQUEST(
	kxx_kunit_report, "kxx_report", KXX_KUNIT_CASE(batch_dropped_by_its_driver),
	KXX_KUNIT_CASE(data_opened_with_another_lock),
	KXX_KUNIT_CASE(del_gendisk_waits_for_requests), KXX_KUNIT_CASE(empty_batch_ended),
	KXX_KUNIT_CASE(ended_request_handed_on), KXX_KUNIT_CASE(error_made_of_a_positive_number),
	KXX_KUNIT_CASE(error_made_of_what_is_below_all_errors), KXX_KUNIT_CASE(error_made_of_zero),
	KXX_KUNIT_CASE(frozen_queue_ends_after_its_disk),
	KXX_KUNIT_CASE(frozen_queue_ends_in_another_task), KXX_KUNIT_CASE(guard_ends_out_of_order),
	KXX_KUNIT_CASE(local_guard_ends_out_of_order),
	KXX_KUNIT_CASE(more_zones_reported_than_asked_for), KXX_KUNIT_CASE(part_of_a_sector_ended),
	KXX_KUNIT_CASE(request_abandoned_before_its_start),
	KXX_KUNIT_CASE(raw_guard_ends_out_of_order), KXX_KUNIT_CASE(request_dropped_by_its_driver),
	KXX_KUNIT_CASE(queue_mapped_that_the_tag_set_lacks), KXX_KUNIT_CASE(request_ended_twice),
	KXX_KUNIT_CASE(request_given_back_outside_queue_rq), KXX_KUNIT_CASE(request_used_after_end),
	KXX_KUNIT_CASE(shared_request_dropped_by_all), KXX_KUNIT_CASE(shared_request_ended_twice),
	KXX_KUNIT_CASE(started_request_put_back), KXX_KUNIT_CASE(timer_started_while_armed),
	KXX_KUNIT_CASE(timer_started_with_nothing), KXX_KUNIT_CASE(xarray_entry_moved_from),
	KXX_KUNIT_CASE(memory_copied_beyond_an_array),
	KXX_KUNIT_CASE(memory_beyond_an_array_read_by_user_space),
	KXX_KUNIT_CASE(guard_relies_on_one_that_has_ended));
