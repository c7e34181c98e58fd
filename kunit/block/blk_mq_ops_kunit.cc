// SPDX-License-Identifier: GPL-2.0
/*
 * blk_mq_ops_kunit.cc - tests of <kxx/block/tag_set.hpp>
 *
 * blk-mq must call each callback that a driver has, with the right hardware queue and data; a
 * callback that the driver lacks must be NULL in struct blk_mq_ops. Also tests queue maps and
 * changes of the number of hardware queues.
 */
#include <optional>

#include <kxx/base/cpumask.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/spinlock.hpp>

#include "disks.hpp"
#include "../kunit.hpp"

using namespace kxx;
using disks::EndOnly;

namespace {

/*
 * Counts constructors, destructors, init and exit calls of the data of hardware queues or
 * requests. Static in Queues, since the last calls come after the driver was destroyed.
 */
struct Lives {
	int built = 0, destroyed = 0, entered = 0, left = 0;
};

/* Ends requests at once, except polled ones, and counts them per hardware queue. */
class Queues : public disks::Counts {
public:
	static inline Lives hctxs, pdus;
	static inline unsigned int fail_hctx, fail_request;

	struct Pdu {
		Pdu() { pdus.built++; }
		~Pdu() { pdus.destroyed++; }

		int use = 0;
	};
	struct HctxData {
		HctxData() { hctxs.built++; }
		~HctxData() { hctxs.destroyed++; }

		Atomic begun{ 0 }, committed{ 0 };
		/* Holds a request until poll() ends it. */
		SpinLock<std::optional<Owned<Request<Queues>>>> waiting;
	};

	QueueStatus queue_rq(Owned<Request<Queues>> rq, bool last) const
	{
		auto hctx = rq->hctx();
		auto &data = hctx.data();

		rq.start();
		begun.inc();
		data.begun.inc();
		types[static_cast<int>(hctx.type())].inc();
		numbers_of[static_cast<int>(hctx.type())] |= 1u << hctx.queue_num();
		if (!last)
			not_last.inc();
		/*
		 * Ask the request, not the type of the hardware queue: if a wrong map sent a
		 * normal request to a poll queue, nobody would poll for it and the test would
		 * hang instead of fail.
		 */
		if (rq->is_polled()) {
			auto waiting = data.waiting.lock();

			if (!*waiting) {
				waiting->emplace(std::move(rq));
				return QueueStatus::ok();
			}
		}
		ended.inc();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

	void commit_rqs(Hctx<Queues> hctx) const
	{
		hctx.data().committed.inc();
		commits.inc();
	}

	unsigned int poll(Hctx<Queues> hctx, IoCompBatch<Queues> &batch) const
	{
		std::optional<Owned<Request<Queues>>> rq;

		polls.inc();
		{
			auto guard = hctx.data().waiting.lock();
			auto &waiting = *guard;

			if (!waiting)
				return 0;
			rq.emplace(std::move(*waiting));
			waiting.reset();
		}
		ended.inc();
		batch.end(*std::move(rq), BlkStatus::OK);
		return 1;
	}

	Result<void> init_hctx(Hctx<Queues> hctx) const
	{
		if (counts_down(fail_hctx))
			return ENOMEM;
		hctxs.entered++;
		numbers += hctx.queue_num();
		return {};
	}

	void exit_hctx(Hctx<Queues> hctx) const
	{
		hctxs.left++;
		numbers -= hctx.queue_num();
	}

	static Result<void> init_request(Pdu &pdu)
	{
		/*
		 * Let all later calls fail as well: when the allocation fails,
		 * blk_mq_alloc_set_map_and_rqs() retries with half the queue depth.
		 */
		if (counts_down(fail_request)) {
			fail_request = 1;
			return ENOMEM;
		}
		pdus.entered++;
		pdu.use = 1;
		return {};
	}

	static void exit_request(Pdu &pdu)
	{
		pdus.left += pdu.use;
		pdu.use = 0;
	}

	/* Decrements @n and returns true if @n reached 0. */
	static bool counts_down(unsigned int &n)
	{
		if (!n)
			return false;
		n--;
		return !n;
	}

	Atomic types[3]{ Atomic(0), Atomic(0), Atomic(0) };
	/* Bitmap per queue type: the hardware queues that received a request. */
	disks::Seen<unsigned int> numbers_of[3];
	Atomic not_last{ 0 }, commits{ 0 }, polls{ 0 };
	disks::Seen<unsigned int> numbers = 0;
};

struct Reset {
	Reset() { Queues::hctxs = Queues::pdus = {}; }
	~Reset() { Queues::fail_hctx = Queues::fail_request = 0; }
};

Result<GenDisk<Queues>> make(const QueueCounts &queues, unsigned int depth = 8) KXX_MAY_SLEEP
{
	auto tags = KXX_TRY(
		TagSet<Queues>::make({ .queues = queues, .queue_depth = depth, .no_sched = true }));

	return disks::add<Queues>(std::move(tags), {});
}

/* Has all budget callbacks. Refuses the first budget; all others have the same token. */
class Budget : public disks::Counts {
public:
	struct Pdu {
		int token = -1;
	};

	QueueStatus queue_rq(Owned<Request<Budget>> rq) const
	{
		rq.start();
		begun.inc();
		bad_tokens += get_rq_budget_token(*rq) != the_token;
		put_budget(the_token);
		ended.inc();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

	std::optional<int> get_budget() const
	{
		asked.inc();
		/* Refuse the first time, so that blk-mq must ask again. */
		if (asked.read() == 1)
			return std::nullopt;
		taken.inc();
		return the_token;
	}
	void put_budget(int token) const
	{
		bad_tokens += token != the_token;
		returned.inc();
	}
	void set_rq_budget_token(Request<Budget> &rq, int token) const { rq.pdu().token = token; }
	int get_rq_budget_token(const Request<Budget> &rq) const { return rq.pdu().token; }

	bool busy() const { return true; }
	void cleanup_rq(Request<Budget> &rq) const { rq.pdu().token = -1; }

	Atomic asked{ 0 }, taken{ 0 }, returned{ 0 };
	disks::Seen<int> bad_tokens = 0;

private:
	static constexpr int the_token = 77;
};

/* Keeps a reference to each request until let_go(), and ends requests only in timeout(). */
class Keeping : public disks::Counts {
public:
	static constexpr bool shares_requests = true;

	QueueStatus queue_rq(Owned<Request<Keeping>> rq) const
	{
		rq.start();
		begun.inc();
		auto guard = kept.lock();

		guard->requests[guard->next++ % 4].emplace(rq.share());
		return QueueStatus::ok();
	}

	EhTimerReturn timeout(ARef<Request<Keeping>> rq) const KXX_MAY_SLEEP
	{
		kxx_test_msleep(1);
		timeouts++;
		if (rq.end(BlkStatus::TIMEOUT))
			ended.inc();
		return EhTimerReturn::DONE;
	}

	void show_rq(SeqFile &file, const Request<Keeping> &rq) const
	{
		seq_printf(file.raw(), "sector %llu;", static_cast<unsigned long long>(rq.pos()));
	}

	void let_go() const
	{
		auto guard = kept.lock();

		for (auto &one : guard->requests)
			one.reset();
	}

	disks::Seen<int> timeouts = 0;

private:
	struct Kept {
		unsigned int next = 0;
		std::optional<ARef<Request<Keeping>>> requests[4];
	};

	SpinLock<Kept> kept;
};

} // namespace

static void absent_callbacks_are_null(struct kunit *test) KXX_MAY_SLEEP
{
	auto in_full = KUNIT_ASSERT_VALUE(test, TagSet<Queues>::make({}));
	auto in_budget = KUNIT_ASSERT_VALUE(test, TagSet<Budget>::make({}));
	auto in_least = KUNIT_ASSERT_VALUE(test, TagSet<EndOnly>::make({}));
	auto in_keeping = KUNIT_ASSERT_VALUE(test, TagSet<Keeping>::make({}));
	static constexpr struct {
		unsigned long offset;
		bool in_full, in_budget;
	} ops[] = {
		{ KXX_OFFSETOF_blk_mq_ops_queue_rqs, false, false },
		{ KXX_OFFSETOF_blk_mq_ops_commit_rqs, true, false },
		{ KXX_OFFSETOF_blk_mq_ops_poll, true, false },
		{ KXX_OFFSETOF_blk_mq_ops_init_hctx, true, false },
		{ KXX_OFFSETOF_blk_mq_ops_init_request, true, true },
		{ KXX_OFFSETOF_blk_mq_ops_exit_request, true, true },
		{ KXX_OFFSETOF_blk_mq_ops_get_budget, false, true },
		{ KXX_OFFSETOF_blk_mq_ops_put_budget, false, true },
		{ KXX_OFFSETOF_blk_mq_ops_set_rq_budget_token, false, true },
		{ KXX_OFFSETOF_blk_mq_ops_get_rq_budget_token, false, true },
		{ KXX_OFFSETOF_blk_mq_ops_busy, false, true },
		{ KXX_OFFSETOF_blk_mq_ops_cleanup_rq, false, true },
		{ KXX_OFFSETOF_blk_mq_ops_complete, false, false },
		{ KXX_OFFSETOF_blk_mq_ops_timeout, false, false },
	};

	for (auto &op : ops) {
		KUNIT_EXPECT_EQ(test, kxx_test_has_op(in_full->raw(), op.offset), op.in_full);
		KUNIT_EXPECT_EQ(test, kxx_test_has_op(in_budget->raw(), op.offset), op.in_budget);
		KUNIT_EXPECT_FALSE(test, kxx_test_has_op(in_least->raw(), op.offset));
	}
	KUNIT_EXPECT_TRUE(test, kxx_test_has_op(in_least->raw(), KXX_OFFSETOF_blk_mq_ops_queue_rq));
	/* TagSet itself needs exit_hctx. */
	KUNIT_EXPECT_TRUE(test,
			  kxx_test_has_op(in_least->raw(), KXX_OFFSETOF_blk_mq_ops_exit_hctx));
	KUNIT_EXPECT_TRUE(test,
			  kxx_test_has_op(in_keeping->raw(), KXX_OFFSETOF_blk_mq_ops_timeout));
}

/* Two queues of one type need two CPUs: blk-mq creates at most one hardware queue per CPU. */
static void data_of_queues_and_requests_lives_as_long_as_they(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	Reset reset;
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto disk = KXX_TRY(make({ .default_queues = 2 }, 4));

		KUNIT_EXPECT_EQ(test, Queues::hctxs.built, 2);
		KUNIT_EXPECT_EQ(test, Queues::hctxs.entered, 2);
		/* The sum of the queue numbers 0 and 1. */
		KUNIT_EXPECT_EQ(test, disk.driver().numbers, 1);
		/* Each of the two hardware queues has 4 requests and one for flushes. */
		KUNIT_EXPECT_EQ(test, Queues::pdus.built, 10);
		KUNIT_EXPECT_EQ(test, Queues::pdus.entered, 10);
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
	KUNIT_EXPECT_EQ(test, Queues::hctxs.destroyed, 2);
	KUNIT_EXPECT_EQ(test, Queues::hctxs.left, 2);
	KUNIT_EXPECT_EQ(test, Queues::pdus.destroyed, 10);
	KUNIT_EXPECT_EQ(test, Queues::pdus.left, 10);
}

static void failing_init_of_a_queue_or_request_leaves_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);
	for (bool of_request : { false, true }) {
		/* The 1st and 2nd request are the tag set's, the 9th is the flush request. */
		for (unsigned int n : { 1u, 2u, of_request ? 9u : 1u }) {
			Reset reset;

			(of_request ? Queues::fail_request : Queues::fail_hctx) = n;

			auto disk = make({ .default_queues = 2 }, 4);

			KUNIT_EXPECT_FALSE(test, static_cast<bool>(disk));
			KUNIT_EXPECT_EQ(test, Queues::hctxs.built, Queues::hctxs.destroyed);
			KUNIT_EXPECT_EQ(test, Queues::hctxs.entered, Queues::hctxs.left);
			KUNIT_EXPECT_EQ(test, Queues::pdus.built, Queues::pdus.destroyed);
			KUNIT_EXPECT_EQ(test, Queues::pdus.entered, Queues::pdus.left);
		}
	}
}

static void reads_and_writes_have_queues_of_their_own(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(test, make({ .default_queues = 1, .read_queues = 1 }, 64));
	const Queues &driver = disk.driver();

	KUNIT_EXPECT_EQ(test, kxx_test_bios(disk.raw(), 16, true), 16);
	KUNIT_EXPECT_EQ(test, driver.types[0].read(), 8);
	KUNIT_EXPECT_EQ(test, driver.types[1].read(), 8);
	KUNIT_EXPECT_EQ(test, driver.types[2].read(), 0);
	/* blk-mq calls commit_rqs() each time the plug continues with the other queue. */
	KUNIT_EXPECT_TRUE(test, driver.not_last.read() > 0);
	KUNIT_EXPECT_TRUE(test, driver.commits.read() > 0);
	KUNIT_EXPECT_TRUE(test, driver.balanced());
}

static void polled_request_ends_in_poll(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(test, make({ .default_queues = 1, .poll_queues = 1 }));
	const Queues &driver = disk.driver();

	for (int i = 0; i < 10; i++)
		KUNIT_EXPECT_EQ(test, kxx_test_polled_bio(disk.raw()), 0);
	KUNIT_EXPECT_EQ(test, driver.types[2].read(), 10);
	KUNIT_EXPECT_TRUE(test, driver.polls.read() >= 10);
	KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
	KUNIT_EXPECT_EQ(test, driver.types[0].read(), 1);
	KUNIT_EXPECT_TRUE(test, driver.balanced());
}

namespace {

/* Each CPU sends a read, a write and, if @polls is true, a polled read to @disk. */
struct EachType {
	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &self = *static_cast<EachType *>(data);

		if (kxx_test_bios(self.disk, 2, true) != 2)
			self.failed.inc();
		if (self.polls && kxx_test_polled_bio(self.disk))
			self.failed.inc();
	}

	struct gendisk *disk;
	bool polls;
	Atomic failed{ 0 };
};

/* Returns a bitmap of @nr queues, starting with queue number @first. */
constexpr unsigned int numbers(unsigned int nr, unsigned int first)
{
	return ((1u << nr) - 1) << first;
}

} // namespace

static void each_type_has_its_own_queues_one_after_another(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	static constexpr QueueCounts all_counts[] = {
		{ .default_queues = 1 },
		{ .default_queues = 2 },
		{ .default_queues = 1, .read_queues = 1 },
		{ .default_queues = 2, .read_queues = 1 },
		{ .default_queues = 1, .poll_queues = 1 },
		{ .default_queues = 2, .poll_queues = 2 },
		{ .default_queues = 1, .read_queues = 1, .poll_queues = 1 },
		{ .default_queues = 2, .read_queues = 1, .poll_queues = 2 },
		{ .default_queues = 1, .read_queues = 2, .poll_queues = 1 },
		{ .default_queues = 2, .read_queues = 2, .poll_queues = 2 },
	};

	for (const QueueCounts &counts : all_counts) {
		auto disk = KUNIT_ASSERT_VALUE(test, make(counts, 16));
		const Queues &driver = disk.driver();
		EachType each{ .disk = disk.raw(), .polls = counts.poll_queues > 0 };

		KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(EachType::run, &each), 0);
		KUNIT_EXPECT_EQ(test, each.failed.read(), 0);
		KUNIT_EXPECT_EQ(test, driver.numbers_of[0], numbers(counts.default_queues, 0));
		KUNIT_EXPECT_EQ(test, driver.numbers_of[1],
				numbers(counts.read_queues, counts.default_queues));
		KUNIT_EXPECT_EQ(
			test, driver.numbers_of[2],
			numbers(counts.poll_queues, counts.default_queues + counts.read_queues));
		KUNIT_EXPECT_EQ(test, driver.types[2].read(),
				counts.poll_queues ? kxx_test_nr_online_cpus() : 0);
	}
}

static void bad_queues_are_einval(struct kunit *test) KXX_MAY_SLEEP
{
	auto none = TagSet<EndOnly>::make({ .queues = { .default_queues = 0 } });
	auto no_poll = TagSet<EndOnly>::make({ .queues = { .poll_queues = 1 } });
	auto tags =
		KUNIT_ASSERT_VALUE(test, TagSet<Queues>::make({ .queues = { .read_queues = 1 } }));

	KUNIT_EXPECT_EQ(test, none ? 0 : none.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, no_poll ? 0 : no_poll.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, tags->update_nr_hw_queues({ .default_queues = 0 }).to_errno(),
			EINVAL.to_errno());
	/* One queue more than blk-mq can number; and a sum that an unsigned int does not hold. */
	KUNIT_EXPECT_EQ(test, tags->update_nr_hw_queues({ .read_queues = 1 << 16 }).to_errno(),
			ENOMEM.to_errno());
	KUNIT_EXPECT_EQ(test, tags->update_nr_hw_queues({ .read_queues = ~0u }).to_errno(),
			EINVAL.to_errno());
	/* Without a map for polled queues, none can be added to the tag set later. */
	KUNIT_EXPECT_EQ(test, tags->update_nr_hw_queues({ .poll_queues = 1 }).to_errno(),
			EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, tags->nr_hw_queues(), 2);
}

/* As dm-multipath asks, which has the disk open. */
static void deleted_disk_is_not_busy(struct kunit *test) KXX_MAY_SLEEP
{
	auto tags = KUNIT_ASSERT_VALUE(test, TagSet<Budget>::make({}));
	struct request_queue *queue;

	{
		auto disk = KUNIT_ASSERT_VALUE(test, disks::add<Budget>(std::move(tags), {}));

		queue = kxx_disk_queue(disk.raw());
		kxx_blk_get_queue(queue);
		KUNIT_EXPECT_TRUE(test, kxx_test_lld_busy(queue));
	}
	KUNIT_EXPECT_FALSE(test, kxx_test_lld_busy(queue));
	::blk_put_queue(queue);
}

static void node_that_is_not_online_is_einval(struct kunit *test) KXX_MAY_SLEEP
{
	for (int node : { -2, 1023, 1024, 1 << 30 }) {
		auto tags = TagSet<EndOnly>::make({ .numa_node = node });

		KUNIT_EXPECT_EQ(test, tags ? 0 : tags.error().to_errno(), EINVAL.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, TagSet<EndOnly>::make({ .numa_node = 0 }));
}

static void types_can_change_and_the_total_not(struct kunit *test) KXX_MAY_SLEEP
{
	auto tags = KUNIT_ASSERT_VALUE(
		test,
		TagSet<Queues>::make({ .queues = { .default_queues = 2, .read_queues = 1 } }));
	auto disk = KUNIT_ASSERT_VALUE(test, disks::add<Queues>(tags.share(), {}));
	const Queues &driver = disk.driver();

	KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
	KUNIT_EXPECT_EQ(test, driver.numbers_of[1], numbers(1, 2));
	KUNIT_EXPECT_TRUE(test, tags->update_nr_hw_queues({ .read_queues = 2 }));
	driver.numbers_of[1] = 0;
	KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
	KUNIT_EXPECT_TRUE(test, driver.numbers_of[1] & numbers(2, 1));
	KUNIT_EXPECT_EQ(test, driver.numbers_of[1] & ~numbers(2, 1), 0);
}

static void set_of_one_type_gets_at_most_a_queue_per_cpu(struct kunit *test) KXX_MAY_SLEEP
{
	const unsigned int more = nr_cpu_ids() + 1;
	auto tags = KUNIT_ASSERT_VALUE(
		test, TagSet<EndOnly>::make({ .queues = { .default_queues = more } }));

	KUNIT_EXPECT_EQ(test, tags->nr_hw_queues(), nr_cpu_ids());
	KUNIT_EXPECT_TRUE(test, tags->update_nr_hw_queues({}));
	KUNIT_EXPECT_EQ(test, tags->nr_hw_queues(), 1);
	KUNIT_EXPECT_TRUE(test, tags->update_nr_hw_queues({ .default_queues = more }));
	KUNIT_EXPECT_EQ(test, tags->nr_hw_queues(), nr_cpu_ids());
}

/* As after a CPU went offline during the update; each read would wait for ever. */
static void queue_with_cpus_is_active_after_an_update(struct kunit *test) KXX_MAY_SLEEP
{
	auto tags = KUNIT_ASSERT_VALUE(
		test,
		TagSet<Queues>::make({ .queues = { .default_queues = 1, .read_queues = 1 } }));
	auto disk = KUNIT_ASSERT_VALUE(test, disks::add<Queues>(tags.share(), {}));

	kxx_test_make_inactive(tags->raw());
	/* blk-mq makes the third queue now, to which all CPUs send their reads. */
	KUNIT_EXPECT_TRUE(test,
			  tags->update_nr_hw_queues({ .default_queues = 2, .read_queues = 1 }));
	KUNIT_EXPECT_EQ(test, tags->nr_hw_queues(), 3);
	KUNIT_EXPECT_EQ(test, kxx_test_nr_inactive(disk.raw()), 0);
	if (!kxx_test_nr_inactive(disk.raw()))
		KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
}

namespace {

struct Load {
	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &load = *static_cast<Load *>(data);

		for (int i = 0; i < load.rounds; i++)
			if (kxx_test_bios(load.disk, 4, false) != 4)
				load.failed.inc();
	}

	/* One CPU changes the number of hardware queues while the others read. */
	static void run_and_update(void *data) KXX_MAY_SLEEP
	{
		auto &load = *static_cast<Load *>(data);
		int first = 0;

		if (!load.updating.try_cmpxchg(first, 1)) {
			while (!load.done.read())
				if (kxx_test_bios(load.disk, 4, false) != 4)
					load.failed.inc();
			return;
		}
		for (int i = 0; i < load.rounds; i++) {
			unsigned int queues = 1 + static_cast<unsigned int>(i) % 2;

			if (!load.tags->update_nr_hw_queues({ .default_queues = queues }) ||
			    load.tags->nr_hw_queues() != queues)
				load.failed.inc();
			if (kxx_test_bios(load.disk, 4, false) != 4)
				load.failed.inc();
		}
		load.done.set(1);
	}

	struct gendisk *disk;
	TagSet<Queues> *tags;
	int rounds;
	Atomic updating{ 0 }, done{ 0 }, failed{ 0 };
};

} // namespace

static void each_cpu_has_its_queue(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto disk = KXX_TRY(make({ .default_queues = 2 }));
		Load load{ .disk = disk.raw(), .tags = nullptr, .rounds = 100 };

		KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Load::run, &load), 0);
		KUNIT_EXPECT_EQ(test, load.failed.read(), 0);
		KUNIT_EXPECT_EQ(test, disk.driver().begun.read(),
				4 * 100 * kxx_test_nr_online_cpus());
		KUNIT_EXPECT_TRUE(test, disk.driver().balanced());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

static void number_of_queues_changes_under_load(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	Reset reset;
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Queues>::make(
			{ .queues = { .default_queues = 2 }, .queue_depth = 8, .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Queues>(tags.share(), {}));
		Load load{ .disk = disk.raw(), .tags = &*tags, .rounds = 30 };

		KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Load::run_and_update, &load), 0);
		KUNIT_EXPECT_EQ(test, load.failed.read(), 0);
		KUNIT_EXPECT_TRUE(test, disk.driver().begun.read() > 4 * 30);
		KUNIT_EXPECT_TRUE(test, disk.driver().balanced());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
	KUNIT_EXPECT_TRUE(test, Queues::hctxs.built > 2);
	KUNIT_EXPECT_EQ(test, Queues::hctxs.built, Queues::hctxs.destroyed);
	KUNIT_EXPECT_EQ(test, Queues::hctxs.entered, Queues::hctxs.left);
	KUNIT_EXPECT_EQ(test, Queues::pdus.built, Queues::pdus.destroyed);
}

static void disks_share_a_tag_set(struct kunit *test) KXX_MAY_SLEEP
{
	Reset reset;
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Queues>::make({ .queue_depth = 4, .no_sched = true }));
		auto &same = tags;

		/* A reference that is assigned to itself stays. */
		tags = std::move(same);

		std::optional<GenDisk<Queues>> one = KXX_TRY(disks::add<Queues>(tags.share(), {}));
		auto other = KXX_TRY(disks::add<Queues>(std::move(tags), { .index = 1 }));

		KUNIT_EXPECT_EQ(test, disks::read(one->raw()), 0);
		KUNIT_EXPECT_EQ(test, disks::read(other.raw()), 0);
		KUNIT_EXPECT_EQ(test, one->driver().begun.read(), 1);
		KUNIT_EXPECT_TRUE(test, one->driver().balanced());
		one.reset();
		KUNIT_EXPECT_EQ(test, disks::read(other.raw()), 0);
		KUNIT_EXPECT_EQ(test, other.driver().begun.read(), 2);
		KUNIT_EXPECT_TRUE(test, other.driver().balanced());
		KUNIT_EXPECT_TRUE(test, Queues::pdus.built > Queues::pdus.destroyed);
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
	KUNIT_EXPECT_EQ(test, Queues::pdus.built, Queues::pdus.destroyed);
}

static void budget_is_got_and_put_for_each_request(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Budget>::make({ .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Budget>(std::move(tags), {}));
		const Budget &driver = disk.driver();

		for (int i = 0; i < 10; i++)
			KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
		KUNIT_EXPECT_EQ(test, driver.begun.read(), 10);
		KUNIT_EXPECT_TRUE(test, driver.asked.read() > driver.taken.read());
		KUNIT_EXPECT_EQ(test, driver.taken.read(), driver.returned.read());
		KUNIT_EXPECT_EQ(test, driver.bad_tokens, 0);
		KUNIT_EXPECT_TRUE(test, driver.balanced());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

static void busy_requests_are_found_shown_and_timed_out(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Keeping>::make({ .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Keeping>(tags.share(), {}));
		const Keeping &driver = disk.driver();
		char text[64] = {};
		int visited = 0;

		KUNIT_EXPECT_EQ(test, tags->nr_busy(), 0);
		KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
		KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
		KUNIT_EXPECT_EQ(test, tags->nr_busy(), 2);
		kxx_test_show_busy(tags->raw(), text, sizeof(text));
		KUNIT_EXPECT_STREQ(test, KXX_CONFIG_BLK_DEBUG_FS ? "sector 0;sector 0;" : "", text);

		/* Ends the first request. The second request ends by its timeout below. */
		tags->tagset_busy_iter([&](ARef<Request<Keeping>> rq) {
			if (!visited++ && rq.end(BlkStatus::OK))
				driver.ended.inc();
		});
		KUNIT_EXPECT_EQ(test, visited, 2);
		kxx_test_time_out_busy(tags->raw());
		KUNIT_EXPECT_EQ(test, driver.timeouts, 2);
		driver.let_go();
		KUNIT_EXPECT_EQ(test, tags->nr_busy(), 0);
		KUNIT_EXPECT_EQ(test, driver.begun.read(), 2);
		KUNIT_EXPECT_TRUE(test, driver.balanced());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

KXX_KUNIT_SUITE(kxx_kunit_blk_mq_ops, "kxx_blk_mq_ops", KXX_KUNIT_CASE(absent_callbacks_are_null),
		KXX_KUNIT_CASE(data_of_queues_and_requests_lives_as_long_as_they),
		KXX_KUNIT_CASE(failing_init_of_a_queue_or_request_leaves_nothing),
		KXX_KUNIT_CASE(reads_and_writes_have_queues_of_their_own),
		KXX_KUNIT_CASE(polled_request_ends_in_poll),
		KXX_KUNIT_CASE(each_type_has_its_own_queues_one_after_another),
		KXX_KUNIT_CASE(bad_queues_are_einval), KXX_KUNIT_CASE(deleted_disk_is_not_busy),
		KXX_KUNIT_CASE(node_that_is_not_online_is_einval),
		KXX_KUNIT_CASE(types_can_change_and_the_total_not),
		KXX_KUNIT_CASE(set_of_one_type_gets_at_most_a_queue_per_cpu),
		KXX_KUNIT_CASE(queue_with_cpus_is_active_after_an_update),
		KXX_KUNIT_CASE(each_cpu_has_its_queue),
		KXX_KUNIT_CASE(number_of_queues_changes_under_load),
		KXX_KUNIT_CASE(disks_share_a_tag_set),
		KXX_KUNIT_CASE(budget_is_got_and_put_for_each_request),
		KXX_KUNIT_CASE(busy_requests_are_found_shown_and_timed_out));
