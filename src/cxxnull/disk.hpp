/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk.hpp - one null block device, as blk-mq sees it
 *
 * A request passes through these functions:
 *
 *     queue_rq()      injects faults, applies the throttle
 *     start()         starts the request: the driver must complete it from here on
 *     handle()        does the work: debug features, then zones, then the data
 *     finish()        completes the request as irqmode says, or leaves that to poll()
 *
 * blk-mq calls queue_rqs() with the requests of a plug. queue_rqs() does the same with each
 * request, and completes them together where it can. A disk with a throttle, a cache or zones with
 * data leaves the list to queue_rq(). If a request must wait for memory, handle() returns no
 * status, and a work of the pool's workqueue calls handle_waiting() and finish() instead.
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

/** IrqMode - where a request completes: in queue_rq, in softirq or in a timer; as in null_blk */
enum class IrqMode { NONE, SOFTIRQ, TIMER };

/** DiskParts - objects that make_disk() creates for a disk, as its settings require */
struct DiskParts {
	/* NULL without memory_backed. Belongs to the NullbDevice. */
	Store *store = nullptr;
	/* Borrows the store. All I/O of the disk must go through the cache. */
	std::optional<kxx::Box<Cache<Store>>> cache;
	std::optional<kxx::Box<Throttle>> throttle;
	/* Zones of a memory-backed disk: a transfer, which may sleep, holds its zone's lock. */
	std::optional<kxx::Box<Zones<kxx::Mutex>>> zones_with_data;
	/* Zones of a disk without memory. */
	std::optional<kxx::Box<Zones<kxx::SpinLockIrq>>> zones_without_data;
};

/**
 * Disk - driver of a null block device, and queuedata of its request queue
 *
 * Context: see each callback.
 */
class Disk {
public:
	using Request = kxx::Request<Disk>;
	using OwnedRequest = kxx::Owned<Request>;
	using RequestBatch = kxx::RequestBatch<Disk>;

	struct Pdu {
		kxx::BlkStatus status = kxx::BlkStatus::OK;
		/* Next request in a PollList; or this request, while it waits for memory. */
		OwnedRequest::Raw link = nullptr;
		/* mutable: take_back() cancels it, and gets only a const Request. */
		mutable kxx::HrTimer<RequestBatch, Disk> timer;
		kxx::Work<Pdu> retry{ *this };

		/* Retries a request that must wait for memory. Runs in the pool's workqueue. */
		void work() KXX_MAY_SLEEP;
	};

	struct HctxData {
		kxx::SpinLock<PollList<Disk>> done;
	};

	/**
	 * make_tags - TagSet::make(); @blocking: queue_rq may sleep (BLK_MQ_F_BLOCKING)
	 *
	 * Defined in disk.cc, where queue_rq() and others are inlined into their blk_mq_ops.
	 */
	static kxx::Result<kxx::ARef<kxx::TagSet<Disk>>> make_tags(const Config &config,
								   bool blocking) KXX_MAY_SLEEP;

	/** Disk - @debug may be NULL, else it must outlive the disk */
	Disk(const Config &config, const Distribution &latency, DebugFeatures *debug,
	     DiskParts parts);
	Disk(const Disk &) = delete;
	Disk &operator=(const Disk &) = delete;

	/**
	 * queue_rq - transfers the data at once; irqmode says when the request completes
	 *
	 * Context: process, may sleep, if the tag set is blocking; otherwise must not sleep.
	 */
	kxx::QueueStatus queue_rq(OwnedRequest rq) const KXX_MAY_SLEEP;
	/** queue_rqs - handles the requests of a plug, and completes them together where it can */
	void queue_rqs(kxx::RequestList<Disk> &list) const KXX_MAY_SLEEP;
	/** complete - ends requests that finish() completed. Context: softirq, or as queue_rq */
	void complete(RequestBatch batch) const { end(std::move(batch)); }
	/** timer_expired - same for irqmode=2. Context: hardirq; a thread on PREEMPT_RT */
	static void timer_expired(RequestBatch batch) { end(std::move(batch)); }
	/** poll - ends the requests in the poll list of @hctx. Context: under RCU, cannot sleep */
	unsigned int poll(kxx::Hctx<Disk> hctx, kxx::IoCompBatch<Disk> &batch) const;
	/** timed_out - ends a request that an injected fault abandoned. Context: process */
	void timed_out(OwnedRequest rq) const;
	/** take_back - takes a request that timed out, and counts an error. Context: process */
	std::optional<RequestBatch> take_back(const Request &rq) const;
	/** init_hctx - returns -EFAULT if fault injection says so */
	kxx::Result<void> init_hctx(kxx::Hctx<Disk> hctx) const;

	/** report_zones - calls Zones::report_zones(); -EOPNOTSUPP without zones */
	kxx::Result<void> report_zones(sector_t sector, unsigned int nr_zones,
				       kxx::ZoneReport &report) const KXX_MAY_SLEEP;
	/** set_zone_cond - calls Zones::set_unavailable(); -EINVAL without zones */
	kxx::Result<void> set_zone_cond(sector_t sector, kxx::ZoneCond cond) const KXX_MAY_SLEEP;

private:
	/* Fault to inject instead of handling the request. */
	enum class Fault { NONE, GIVE_BACK, REQUEUE, TIMEOUT };

	/* Settings for bad sectors, on which a request always fails. */
	struct BadBlocksMode {
		bool once;	 /* remove the range after its first error */
		bool partial_io; /* transfer the blocks before the range */
		u64 block_sectors;
	};

	/* Completion status, or nothing if the request must be retried by a work that may sleep. */
	using Status = std::optional<kxx::BlkStatus>;

	struct WithMemory;
	struct WithoutMemory;

	static bool is_polled(Request &rq) { return rq.hctx().type() == kxx::HctxType::POLL; }

	Fault fault_of(Request &rq) const;
	static void inject(OwnedRequest rq, Fault fault);
	kxx::QueueStatus start(OwnedRequest rq) const KXX_MAY_SLEEP;
	/*
	 * Passes the request and the status as raw values, because an object with a destructor is
	 * passed in memory: so queue_rq() keeps the request in a register. Returns no pair of both,
	 * because GCC aligns the stack for a value of 16 bytes.
	 */
	[[gnu::noinline]] blk_status_t queue_throttled(Throttle &throttle,
						       OwnedRequest::Raw rq) const KXX_MAY_SLEEP;

	Status handle(Request &rq) const KXX_MAY_SLEEP;
	/* handle() with fault plan and statistics. Kept out of line to save stack in handle(). */
	[[gnu::noinline]] Status handle_debug(Request &rq) const KXX_MAY_SLEEP;
	/*
	 * Does the operation up to the first bad block. Sets @sectors to the number of sectors
	 * that were transferred before that block (badblocks_partial_io). @may_wait: the caller
	 * may sleep.
	 */
	Status handle_data(Request &rq, bool may_wait = false,
			   sector_t *sectors = nullptr) const KXX_MAY_SLEEP;
	[[gnu::noinline]] Status handle_bad_blocks(Request &rq, bool may_wait,
						   sector_t *sectors) const KXX_MAY_SLEEP;
	static kxx::BlkStatus status_without_store(kxx::ReqOp op);
	/* Does the operation on the first @bytes bytes of the request. */
	[[gnu::noinline]] Status handle_op(Request &rq, u64 bytes,
					   bool may_wait) const KXX_MAY_SLEEP;
	/* Zeroes a range of whole sectors in the cache and the store. */
	[[gnu::noinline]] void discard(u64 offset, u64 size) const KXX_MAY_SLEEP;
	/* Same. Returns nothing, and changes nothing, if it must sleep and @may_wait is false. */
	[[gnu::noinline]] Status discard(u64 offset, u64 size, bool may_wait) const KXX_MAY_SLEEP;
	/* handle_data() that sleeps until memory is available, and returns the final status. */
	[[gnu::noinline]] kxx::BlkStatus
	handle_waiting(Request &rq, sector_t *sectors = nullptr) const KXX_MAY_SLEEP;

	/* zoned_disk.cc */
	[[gnu::noinline]] kxx::BlkStatus handle_zones(Request &rq) const KXX_MAY_SLEEP;
	template <typename Locked>
	[[gnu::noinline]] kxx::BlkStatus handle_traced(Request &rq,
						       Locked &zones) const KXX_MAY_SLEEP;
	/* Each inlines the handle() of its Zones, so that a read saves few registers. */
	[[gnu::noinline]] kxx::BlkStatus handle_zone(Request &rq,
						     Zones<kxx::Mutex> &zones) const KXX_MAY_SLEEP;
	[[gnu::noinline]] kxx::BlkStatus
	handle_zone(Request &rq, Zones<kxx::SpinLockIrq> &zones) const KXX_MAY_SLEEP;

	void finish(OwnedRequest rq, kxx::BlkStatus status) const;
	/* Takes the raw request for the reason given at queue_throttled(). */
	[[gnu::noinline]] void finish_later(OwnedRequest::Raw raw, kxx::BlkStatus status) const;
	/* Completes a batch in softirq or by a timer: not for irqmode=0 or a polled queue. */
	void finish(RequestBatch batch, kxx::BlkStatus status) const;
	static void end(RequestBatch batch) { batch.end(batch.first().pdu().status); }
	[[gnu::noinline]] __cold void retry_later(OwnedRequest::Raw raw) const;
	/* Takes the request, and those of its batch, from its poll list or timer. */
	static std::optional<RequestBatch> take(const Request &rq);
	void count(Request &rq, kxx::BlkStatus status) const;

	/* Returns the first bad range that the request touches, or nothing. Context: any. */
	std::optional<kxx::BadRange> bad_range(Request &rq) const;
	/* Returns how many sectors of @rq to transfer before the bad @range. Context: any. */
	sector_t sectors_before(const Request &rq, const kxx::BadRange &range) const;
	/* Counts an error; with badblocks_once clears @range. Context: any, interrupts on. */
	void record_bad(Request &rq, const kxx::BadRange &range) const;

	const IrqMode irqmode_;
	const bool zoned_;
	/* False for a disk without memory and zones, whose requests only get a status. */
	const bool has_store_or_zones_;
	/*
	 * True if queue_rqs() handles the list. False with a throttle, which may give requests
	 * back, and where handling a request may sleep, which would delay the completion of those
	 * before it in the list.
	 */
	const bool takes_lists_;
	const u64 completion_nsec_;
	DebugFeatures *const debug_;
	const BadBlocksMode badblocks_mode_;
	std::optional<Latency> latency_;
	DiskParts parts_;
};

} // namespace cxxnull
