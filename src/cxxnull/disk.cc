// SPDX-License-Identifier: GPL-2.0
/* disk.cc - the I/O path: from queue_rq() to the end of a request */
#include <utility>

#include "disk.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

/* Request timeout, as in null_blk. */
constexpr unsigned int timeout_msecs = 5000;

/* Converts a Result to a status. EAGAIN yields none: the request must wait for memory. */
std::optional<BlkStatus> status_unless_again(const Result<void> &done)
{
	if (done)
		return BlkStatus::OK;
	if (done.error() == EAGAIN)
		return std::nullopt;
	return errno_to_blk_status(done.error());
}

/*
 * handle_op() tail-calls transfer(), flush() or discard(). They are kept out of line, so
 * that each saves only the registers that it uses, and handle_op() saves none.
 */
[[gnu::noinline]] std::optional<BlkStatus> transfer(Store &store, Disk::Request &rq, u64 bytes)
{
	u64 offset = rq.pos() << KXX_SECTOR_SHIFT;
	auto take_size = [&bytes](const Bvec &bvec) {
		u64 size = smaller(bvec.size(), bytes);

		bytes -= size;
		return size;
	};

	if (rq.op() == ReqOp::READ)
		return status_unless_again(rq.for_each_bvec([&](const Bvec &bvec) -> Result<void> {
			u64 size = take_size(bvec);

			store.read(offset, bvec.data(), size);
			bvec.flush_dcache();
			offset += size;
			return {};
		}));

	Store::Writer writer(store, offset, bytes);

	return status_unless_again(rq.for_each_bvec(
		[&](const Bvec &bvec) { return writer.write(bvec.data(), take_size(bvec)); }));
}

/* Splits each segment at page boundaries, since each call of a Cache stays within a page. */
[[gnu::noinline]] std::optional<BlkStatus> transfer(Cache<Store> &cache, Disk::Request &rq,
						    u64 bytes) KXX_MAY_SLEEP
{
	bool write = rq.op() != ReqOp::READ, fua = rq.is_fua();
	u64 offset = rq.pos() << KXX_SECTOR_SHIFT;
	auto transfer_segment = [&](Segment &segment) KXX_MAY_SLEEP -> Result<void> {
		auto mapped = segment.kmap_local();
		unsigned char *data = mapped.data();
		u64 left = smaller(segment.size(), bytes);

		bytes -= left;
		while (left) {
			auto size = static_cast<unsigned int>(
				smaller(left, KXX_PAGE_SIZE - offset % KXX_PAGE_SIZE));

			if (write)
				KXX_TRY(cache.write(offset, data, size, fua));
			else
				cache.read(offset, data, size);
			offset += size;
			data += size;
			left -= size;
		}
		return {};
	};

	return status_unless_again(rq.for_each_segment_may_sleep(transfer_segment));
}

[[gnu::noinline]] std::optional<BlkStatus> flush(Cache<Store> &cache) KXX_MAY_SLEEP
{
	return status_unless_again(cache.flush());
}

} // namespace

Disk::Disk(const Config &config, const Distribution &latency, DebugFeatures *debug, DiskParts parts)
	: irqmode_(static_cast<IrqMode>(config.irqmode)), zoned_(config.zoned),
	  has_store_or_zones_(config.memory_backed || config.zoned),
	  takes_lists_(!parts.throttle && !parts.cache && !parts.zones_with_data),
	  completion_nsec_(config.completion_nsec), debug_(debug),
	  badblocks_mode_{ config.badblocks_once, config.badblocks_partial_io,
			   config.blocksize >> KXX_SECTOR_SHIFT },
	  parts_(std::move(parts))
{
	if (latency.kind != LatencyKind::CONSTANT)
		latency_.emplace(latency, config.seed);
}

Result<ARef<TagSet<Disk>>> Disk::make_tags(const Config &config, bool blocking)
{
	return TagSet<Disk>::make({
		.queues = { .default_queues = config.submit_queues,
			    .poll_queues = config.poll_queues },
		.queue_depth = config.hw_queue_depth,
		.numa_node = static_cast<int>(config.home_node),
		.blocking = blocking,
		.no_sched = config.no_sched,
		.shared_tags = config.shared_tag_bitmap,
		.timeout_msecs = timeout_msecs,
	});
}

/* Evaluates the faults in null_blk's order, so that each fault_attr counts the same requests. */
inline Disk::Fault Disk::fault_of(Request &rq) const
{
	if (!debug_)
		return rq.should_fake_timeout() ? Fault::TIMEOUT : Fault::NONE;

	bool timeout = debug_->timeout.should_fail() || rq.should_fake_timeout();
	Fault fault = Fault::NONE;

	if (debug_->requeue.should_fail())
		fault = debug_->requeued.inc_return() & 1 ? Fault::GIVE_BACK : Fault::REQUEUE;
	else if (timeout && !is_polled(rq))
		fault = Fault::TIMEOUT;
	if (fault != Fault::NONE)
		debug_->stats.injected(rq.op());
	return fault;
}

void Disk::inject(OwnedRequest rq, Fault fault)
{
	if (fault == Fault::REQUEUE) {
		rq.requeue();
		return;
	}
	rq.start();
	rq.abandon();
}

QueueStatus Disk::queue_rq(OwnedRequest rq) const
{
	if constexpr (fault_injection) {
		Fault fault = fault_of(*rq);

		if (fault == Fault::GIVE_BACK)
			return rq.give_back(Retry::RESOURCE);
		if (fault != Fault::NONE) {
			inject(std::move(rq), fault);
			return QueueStatus::ok();
		}
	}
	if (const auto &throttle = parts_.throttle) [[unlikely]] {
		auto raw = std::move(rq).into_raw();
		blk_status_t status = queue_throttled(**throttle, raw);

		/* Shows clang's analyzer that @raw is not used now: the request may have ended. */
		if (status == KXX_BLK_STS_OK)
			return QueueStatus::ok();
		// SAFETY: into_raw() returned this status: @raw was given back and is still ours.
		return QueueStatus::from_raw(status, raw);
	}
	return start(std::move(rq));
}

blk_status_t Disk::queue_throttled(Throttle &throttle, OwnedRequest::Raw rq) const
{
	// SAFETY: queue_rq() released the request by into_raw() for this call.
	return throttle
		.queue_rq(OwnedRequest::from_raw(rq),
			  [this](OwnedRequest admitted)
				  KXX_MAY_SLEEP { return start(std::move(admitted)); })
		.into_raw(rq);
}

[[gnu::always_inline]] inline QueueStatus Disk::start(OwnedRequest rq) const
{
	rq.start();

	Status status = handle(*rq);

	if (status) [[likely]]
		finish(std::move(rq), *status);
	else
		retry_later(std::move(rq).into_raw());
	return QueueStatus::ok();
}

[[gnu::always_inline]] inline void Disk::queue_rqs(RequestList<Disk> &list) const
{
	/* blk-mq passes the requests that are left in the list to queue_rq(). */
	if (!takes_lists_)
		return;

	RequestBatch waiting;
	CompletionBatch<Disk> ended;

	while (auto popped = list.pop()) {
		OwnedRequest rq = *std::move(popped);

		if constexpr (fault_injection) {
			Fault fault = fault_of(*rq);

			/* queue_rq() evaluates the faults of this request again, as in null_blk. */
			if (fault == Fault::GIVE_BACK) {
				list.put_back(std::move(rq));
				continue;
			}
			if (fault != Fault::NONE) {
				inject(std::move(rq), fault);
				continue;
			}
		}
		rq.start();

		Status status = handle(*rq);

		if (!status) [[unlikely]] {
			retry_later(std::move(rq).into_raw());
		} else if (*status != BlkStatus::OK || is_polled(*rq)) {
			finish(std::move(rq), *status);
		} else if (irqmode_ == IrqMode::NONE) [[likely]] {
			ended.end(std::move(rq), BlkStatus::OK);
		} else if (latency_ && irqmode_ == IrqMode::TIMER) {
			/* Each request has its own latency, but a batch has only one timer. */
			finish(std::move(rq), BlkStatus::OK);
		} else if (auto before = waiting.add(std::move(rq))) {
			finish(*std::move(before), BlkStatus::OK);
		}
	}
	if (waiting)
		finish(std::move(waiting), BlkStatus::OK);
}

/* Inlined: a disk without a store and zones gets its status with neither calls nor stack. */
inline Disk::Status Disk::handle(Request &rq) const
{
	if (cxxnull_debug_enabled())
		return handle_debug(rq);
	if (!has_store_or_zones_)
		return status_without_store(rq.op());
	if (!zoned_)
		return handle_op(rq, rq.bytes(), /*may_wait=*/false);
	/* Without memory, a read needs only the condition of its zone, and has no trace event. */
	if (const auto &zones = parts_.zones_without_data; zones && rq.op() == ReqOp::READ)
		return (*zones)->may_read(rq.pos());
	return handle_zones(rq);
}

inline BlkStatus Disk::status_without_store(ReqOp op)
{
	if (op == ReqOp::READ || op == ReqOp::WRITE) [[likely]]
		return BlkStatus::OK;
	/* ZONE_APPEND never comes here. Without it GCC needs two more instructions per request. */
	return op == ReqOp::ZONE_APPEND || op == ReqOp::FLUSH ? BlkStatus::OK : BlkStatus::NOTSUPP;
}

Disk::Status Disk::handle_debug(Request &rq) const
{
	ReqOp op = rq.op();
	sector_t pos = rq.pos();
	unsigned int bytes = rq.bytes();
	auto handle_contents = [this, &rq]() KXX_MAY_SLEEP -> Status {
		return zoned_ ? handle_zones(rq) : handle_data(rq);
	};

	if (!debug_)
		return handle_contents();

	Stats &stats = debug_->stats;
	auto planned = debug_->plan.meets(op, pos, bytes >> KXX_SECTOR_SHIFT);
	Status status = planned ? planned : handle_contents();

	if (planned)
		stats.injected(op);
	/* A request without a status waits for memory. Disk::Pdu::work() counts it when it ends. */
	if (status)
		stats.count(op, bytes, *status);
	return status;
}

inline Disk::Status Disk::handle_data(Request &rq, bool may_wait, sector_t *sectors) const
{
	if (cxxnull_debug_enabled())
		return handle_bad_blocks(rq, may_wait, sectors);
	return handle_op(rq, rq.bytes(), may_wait);
}

Disk::Status Disk::handle_bad_blocks(Request &rq, bool may_wait, sector_t *sectors) const
{
	auto bad = bad_range(rq);
	BlkStatus status = BlkStatus::IOERR;

	if (!bad)
		return handle_op(rq, rq.bytes(), may_wait);
	if (sector_t before = sectors_before(rq, *bad)) {
		Status handled = handle_op(rq, before << KXX_SECTOR_SHIFT, may_wait);

		/* A retry of the whole request will reach the bad range: do not count it yet. */
		if (!handled)
			return handled;
		if (*handled != BlkStatus::OK)
			status = *handled;
		else if (sectors)
			*sectors = before;
	}
	record_bad(rq, *bad);
	return status;
}

Disk::Status Disk::handle_op(Request &rq, u64 bytes, bool may_wait) const
{
	Store *store = parts_.store;
	const auto &cache = parts_.cache;

	if (!store)
		return status_without_store(rq.op());
	switch (rq.op()) {
	case ReqOp::READ:
	case ReqOp::WRITE:
	case ReqOp::ZONE_APPEND:
		return cache ? transfer(**cache, rq, bytes) : transfer(*store, rq, bytes);
	case ReqOp::FLUSH:
		return cache ? flush(**cache) : BlkStatus::OK;
	case ReqOp::DISCARD:
		return discard(rq.pos() << KXX_SECTOR_SHIFT, bytes, may_wait);
	default:
		return BlkStatus::NOTSUPP;
	}
}

Disk::Status Disk::discard(u64 offset, u64 size, bool may_wait) const
{
	if (!parts_.cache && parts_.store->discard_now(offset, size))
		return BlkStatus::OK;
	if (!may_wait)
		return std::nullopt;
	discard(offset, size);
	return BlkStatus::OK;
}

void Disk::discard(u64 offset, u64 size) const
{
	if (parts_.cache)
		(*parts_.cache)->discard(offset, size);
	else if (parts_.store)
		parts_.store->discard(offset, size);
}

BlkStatus Disk::handle_waiting(Request &rq, sector_t *sectors) const
{
	for (;;) {
		/* Retry the whole request: it is harmless to write the same data twice. */
		Status status = handle_data(rq, true, sectors);

		if (status)
			return *status;
		/* Only a store returns EAGAIN, so there is one. */
		if (auto made = parts_.store->make_room(); !made) {
			/* As in null_blk, a write without memory fails as one without space does. */
			if (made.error() == ENOMEM && rq.op() != ReqOp::FLUSH)
				return BlkStatus::NOSPC;
			return errno_to_blk_status(made.error());
		}
	}
}

/*
 * A request of a polled queue completes in poll(), whatever irqmode is. null_blk also transfers
 * the data in poll. This driver has transferred it in queue_rq, because a transfer may sleep and
 * poll() must not: iocb_bio_iopoll() calls it in an RCU read-side critical section.
 */
[[gnu::always_inline]] inline void Disk::finish(OwnedRequest rq, BlkStatus status) const
{
	if (irqmode_ == IrqMode::NONE && !is_polled(*rq)) [[likely]]
		rq.end(status);
	else
		finish_later(std::move(rq).into_raw(), status);
}

void Disk::finish_later(OwnedRequest::Raw raw, BlkStatus status) const
{
	// SAFETY: finish() released the request by into_raw() for this call.
	auto rq = OwnedRequest::from_raw(raw);
	auto hctx = rq->hctx();

	if (hctx.type() == HctxType::POLL) {
		rq->pdu().status = status;
		hctx.data().done.lock()->push(std::move(rq));
		return;
	}
	finish(RequestBatch(std::move(rq)), status);
}

inline void Disk::finish(RequestBatch batch, BlkStatus status) const
{
	auto &pdu = batch.first().pdu();

	pdu.status = status;
	if (irqmode_ == IrqMode::SOFTIRQ)
		batch.complete();
	else
		pdu.timer.start(std::move(batch), latency_ ? latency_->next() : completion_nsec_);
}

void Disk::retry_later(OwnedRequest::Raw raw) const
{
	// SAFETY: the caller released the request by into_raw() for this call.
	auto rq = OwnedRequest::from_raw(raw);
	auto &pdu = rq->pdu();

	pdu.link = std::move(rq).into_raw();
	/* Only a store makes a request wait, so there is one. */
	pdu.retry.queue_work(parts_.store->pool().wq());
}

void Disk::Pdu::work()
{
	// SAFETY: retry_later() released the request by into_raw() for this work.
	auto rq = OwnedRequest::from_raw(std::exchange(link, nullptr));
	const Disk &disk = rq->queuedata();
	BlkStatus status = disk.handle_waiting(*rq);

	disk.count(*rq, status);
	disk.finish(std::move(rq), status);
}

unsigned int Disk::poll(Hctx<Disk> hctx, IoCompBatch<Disk> &batch) const
{
	auto &done = hctx.data().done;
	unsigned int ended = 0;

	while (auto rq = done.with_locked([](PollList<Disk> &list) { return list.pop(); })) {
		BlkStatus status = (*rq)->pdu().status;

		batch.end(*std::move(rq), status);
		ended++;
	}
	return ended;
}

/* Competes with poll() or the timer: the list or the timer yields the request only once. */
std::optional<Disk::RequestBatch> Disk::take(const Request &rq)
{
	auto hctx = rq.hctx();

	if (hctx.type() != HctxType::POLL)
		return rq.pdu().timer.cancel();

	auto polled = hctx.data().done.lock()->take(rq);

	if (!polled)
		return std::nullopt;
	return RequestBatch(*std::move(polled));
}

std::optional<Disk::RequestBatch> Disk::take_back(const Request &rq) const
{
	auto taken = take(rq);

	if (taken && debug_) {
		BlkStatus status = taken->first().pdu().status;

		taken->for_each([this, status](const Request &late) {
			debug_->stats.timed_out(late.op(), late.bytes(), status);
		});
	}
	return taken;
}

void Disk::timed_out(OwnedRequest rq) const
{
	count(*rq, BlkStatus::TIMEOUT);
	rq.end(BlkStatus::TIMEOUT);
}

Result<void> Disk::init_hctx(Hctx<Disk>) const
{
	if (debug_ && debug_->init_hctx.should_fail())
		return EFAULT;
	return {};
}

void Disk::count(Request &rq, BlkStatus status) const
{
	if (debug_)
		debug_->stats.count(rq.op(), rq.bytes(), status);
}

std::optional<BadRange> Disk::bad_range(Request &rq) const
{
	u64 bytes = rq.bytes();

	if (!debug_ || !bytes || rq.op() == ReqOp::FLUSH)
		return std::nullopt;
	return debug_->badblocks->check(rq.pos(), bytes >> KXX_SECTOR_SHIFT);
}

sector_t Disk::sectors_before(const Request &rq, const BadRange &range) const
{
	sector_t first = range.first - range.first % badblocks_mode_.block_sectors;

	return badblocks_mode_.partial_io && first > rq.pos() ? first - rq.pos() : 0;
}

void Disk::record_bad(Request &rq, const BadRange &range) const
{
	debug_->stats.injected(rq.op());
	if (badblocks_mode_.once)
		debug_->badblocks->forget(range);
}

} // namespace cxxnull
