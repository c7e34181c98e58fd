/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk.hpp - one null block device, as blk-mq sees it
 *
 * A request goes down queue_rq(), start(), handle(), finish(), in this order:
 *
 *     queue_rq()      injected faults, the throttle
 *     start()         the request is started: from here on this driver ends it
 *     handle()        the work: debug features, then zones, then the data
 *     finish()        completes the request as irqmode says, or leaves it to a poll
 *
 * For the requests of a plug, blk-mq calls queue_rqs() with a list. It does the same with each, and
 * ends them together where it can. A disk with a throttle, a cache or zones with data leaves the
 * list to queue_rq(). A request that must wait for memory goes from handle() to the pool's workqueue
 * instead, where handle_waiting() and finish() follow.
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/sync/workqueue.hpp>

#include "cache.hpp"
#include "config.hpp"
#include "debug_features.hpp"
#include "latency.hpp"
#include "poll_list.hpp"
#include "store.hpp"
#include "throttle.hpp"
#include "zones.hpp"

namespace cxxnull {

/** IrqMode - how a request completes; null_blk's irqmode */
enum class IrqMode { NONE, SOFTIRQ, TIMER };

/** DiskParts - what a disk owns besides its values; see make_disk() */
struct DiskParts {
	std::optional<kxx::Box<Store>> store;
	/* Destroyed before the store, which it borrows. All I/O of the disk must use it. */
	std::optional<kxx::Box<Cache<Store>>> cache;
	std::optional<kxx::Box<Throttle>> throttle;
	/* A zone's lock is held while its data is moved, which may sleep. */
	std::optional<kxx::Box<Zones<kxx::Mutex>>> data_zones;
	/* Of a zoned disk without memory. */
	std::optional<kxx::Box<Zones<kxx::SpinLockIrq>>> zones;
};

/**
 * Disk - the queuedata of a null block device
 *
 * Owns the disk's data. Context: see each callback.
 */
class Disk {
public:
	using Request = kxx::Request<Disk>;
	using OwnedRequest = kxx::Owned<Request>;
	using RequestBatch = kxx::RequestBatch<Disk>;

	struct Pdu {
		kxx::BlkStatus status = kxx::BlkStatus::OK;
		/* The next request of a PollList; of a request that waits for memory, itself. */
		OwnedRequest::Raw link = nullptr;
		kxx::HrTimer<RequestBatch, Disk> timer;
		kxx::Work<Pdu> retry{ *this };

		/* Handles the request again. Context: process, may sleep: the pool's workqueue. */
		void work() KXX_MAY_SLEEP;
	};

	struct HctxData {
		kxx::SpinLock<PollList<Disk>> done;
	};

	/**
	 * make_tags - TagSet::make(); @blocking: queue_rq may sleep
	 *
	 * Here, so that each callback that blk-mq calls is one function with what it does.
	 */
	static kxx::Result<kxx::ARef<kxx::TagSet<Disk>>> make_tags(const Config &config,
								   bool blocking) KXX_MAY_SLEEP;

	/** Disk - @debug: or NULL; outlives the disk */
	Disk(const Config &config, const Distribution &latency, DebugFeatures *debug,
	     DiskParts parts);
	Disk(const Disk &) = delete;
	Disk &operator=(const Disk &) = delete;

	/**
	 * queue_rq - does the work at once; irqmode says when it completes
	 *
	 * Context: process, may sleep, for a disk with Config::needs_blocking(); else as
	 * blk-mq calls it.
	 */
	kxx::QueueStatus queue_rq(OwnedRequest rq) const KXX_MAY_SLEEP;
	/** queue_rqs - the same for requests that came together, which also end together */
	void queue_rqs(kxx::RequestList<Disk> &list) const KXX_MAY_SLEEP;
	/** complete - ends what finish() completed. Context: softirq, or queue_rq's */
	void complete(RequestBatch batch) const { end(std::move(batch)); }
	/** timer_expired - the same with irqmode 2. Context: hardirq; a thread on PREEMPT_RT */
	static void timer_expired(RequestBatch batch) { end(std::move(batch)); }
	/** poll - ends what is done. Context: under RCU, so it does not sleep */
	unsigned int poll(kxx::Hctx<Disk> hctx, kxx::IoCompBatch<Disk> &batch) const;
	/** timed_out - ends a request that an injected fault abandoned. Context: process */
	void timed_out(OwnedRequest rq) const;
	/** take_back - a timed out request that waits for a poll or a timer. Context: process */
	std::optional<RequestBatch> take_back(Request &rq) const;
	/** init_hctx - -EFAULT if that is injected */
	kxx::Result<void> init_hctx(kxx::Hctx<Disk> hctx) const;

	/** report_zones - as Zones' */
	kxx::Result<unsigned int> report_zones(sector_t sector, unsigned int nr_zones,
					       kxx::ZoneReport &report) const KXX_MAY_SLEEP;
	/** set_zone_cond - as Zones::set_unavailable(); -EINVAL for a disk that is not zoned */
	kxx::Result<void> set_zone_cond(sector_t sector, kxx::ZoneCond cond) const KXX_MAY_SLEEP;

private:
	/* A fault to inject before the request is started. */
	enum class Fault { NONE, GIVE_BACK, REQUEUE, TIMEOUT };

	/* What is done about a bad sector, besides the error. */
	struct BadBlocksMode {
		bool once;	 /* the sector is good from then on */
		bool partial_io; /* the blocks before it are transferred */
		u64 block_sectors;
	};

	/* Completion status; nothing, if the request must wait for memory or a discard. */
	using Status = std::optional<kxx::BlkStatus>;

	struct WithMemory;
	struct WithoutMemory;

	static bool is_polled(Request &rq) { return rq.hctx().type() == kxx::HctxType::POLL; }

	Fault fault_of(Request &rq) const;
	static void inject(OwnedRequest rq, Fault fault);
	kxx::QueueStatus start(OwnedRequest rq) const KXX_MAY_SLEEP;
	/*
	 * Out of line. Takes the raw request and returns the raw status, since an object with a
	 * destructor is passed in memory: so queue_rq() keeps the request in a register. Returns
	 * no pair of status and request: GCC aligns the stack for a value of 16 bytes.
	 */
	[[gnu::noinline]] blk_status_t queue_throttled(Throttle &throttle,
						       OwnedRequest::Raw rq) const KXX_MAY_SLEEP;

	Status handle(Request &rq) const KXX_MAY_SLEEP;
	/* The debug features: the fault plan and the statistics. Out of line to save stack. */
	[[gnu::noinline]] Status handle_debug(Request &rq) const KXX_MAY_SLEEP;
	/*
	 * The data, up to a bad block. @sectors is set to what was transferred before it
	 * (badblocks_partial_io). @may_wait: the caller can sleep.
	 */
	Status handle_data(Request &rq, bool may_wait = false,
			   sector_t *sectors = nullptr) const KXX_MAY_SLEEP;
	[[gnu::noinline]] Status handle_bad_blocks(Request &rq, bool may_wait,
						   sector_t *sectors) const KXX_MAY_SLEEP;
	static kxx::BlkStatus status_without_store(kxx::ReqOp op);
	/* The first @bytes of the data. */
	[[gnu::noinline]] Status transfer_bytes(Request &rq, u64 bytes,
						bool may_wait) const KXX_MAY_SLEEP;
	/* Zeroes whole sectors of the store. */
	[[gnu::noinline]] void discard(u64 offset, u64 size) const KXX_MAY_SLEEP;
	/* The same; returns nothing, and does nothing, if it must wait and @may_wait is false. */
	[[gnu::noinline]] Status discard(u64 offset, u64 size, bool may_wait) const KXX_MAY_SLEEP;
	/* handle_data() that waits until it is done. */
	[[gnu::noinline]] kxx::BlkStatus
	handle_waiting(Request &rq, sector_t *sectors = nullptr) const KXX_MAY_SLEEP;

	/* zoned_disk.cc */
	[[gnu::noinline]] kxx::BlkStatus handle_zones(Request &rq) const KXX_MAY_SLEEP;
	template <typename Locked>
	[[gnu::noinline]] kxx::BlkStatus handle_traced(Request &rq,
						       Locked &zones) const KXX_MAY_SLEEP;
	/* Each with its handle() inlined, so that a read saves few registers. */
	[[gnu::noinline]] kxx::BlkStatus handle_zone(Request &rq,
						     Zones<kxx::Mutex> &zones) const KXX_MAY_SLEEP;
	[[gnu::noinline]] kxx::BlkStatus
	handle_zone(Request &rq, Zones<kxx::SpinLockIrq> &zones) const KXX_MAY_SLEEP;

	void finish(OwnedRequest rq, kxx::BlkStatus status) const;
	/* As queue_throttled(). */
	[[gnu::noinline]] void finish_later(OwnedRequest::Raw raw, kxx::BlkStatus status) const;
	/* Of requests that came together: not with irqmode 0, and not of a queue that is polled. */
	void finish(RequestBatch batch, kxx::BlkStatus status) const;
	static void end(RequestBatch batch) { batch.end(batch.first().pdu().status); }
	[[gnu::noinline]] __cold void retry_later(OwnedRequest::Raw raw) const;
	void count(Request &rq, kxx::BlkStatus status) const;

	/* The first bad range that the request meets, or nothing. Context: any. */
	std::optional<kxx::BadRange> bad_range(Request &rq) const;
	/* How many sectors of @rq are transferred before @range. Context: any. */
	sector_t sectors_before(const Request &rq, const kxx::BadRange &range) const;
	/* The request met @range. Context: any in which interrupts are on. */
	void record_bad(Request &rq, const kxx::BadRange &range) const;

	const IrqMode irqmode_;
	const bool zoned_;
	/* Memory or zones. */
	const bool has_contents_;
	/*
	 * Whether queue_rqs() handles lists. False where handling a request may sleep: those before
	 * it in the list, which are done, would not end meanwhile.
	 */
	const bool takes_lists_;
	const u64 completion_nsec_;
	DebugFeatures *const debug_;
	const BadBlocksMode badblocks_mode_;
	std::optional<Latency> latency_;
	DiskParts parts_;
};

} // namespace cxxnull
