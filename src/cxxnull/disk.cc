// SPDX-License-Identifier: GPL-2.0
#include "name.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/printk.hpp>
#include <kxx/base/string.hpp>

#include "disk.hpp"
#include "zone_trace.h"

using namespace kxx;

namespace cxxnull {

namespace {

BlkStatus blk_status_of(const Result<void> &done)
{
	return done ? BlkStatus::OK : errno_to_blk_status(done.error());
}

} // namespace

template <typename Driver>
Result<void> DiskOf<Driver>::transfer(Store &store, Request &rq, u64 bytes)
{
	u64 offset = rq.pos() << KXX_SECTOR_SHIFT;
	auto size_of = [&bytes](const Bvec &bvec) {
		u64 size = bvec.size() < bytes ? bvec.size() : bytes;

		bytes -= size;
		return size;
	};

	if (rq.op() == ReqOp::READ)
		return rq.for_each_bvec([&](const Bvec &bvec) -> Result<void> {
			u64 size = size_of(bvec);

			store.read(offset, bvec.data(), size);
			offset += size;
			return {};
		});

	Store::Writer writer(store, offset, bytes);

	return rq.for_each_bvec(
		[&](const Bvec &bvec) { return writer.write(bvec.data(), size_of(bvec)); });
}

/* In parts that are within a page, which is what a cache has. */
template <typename Driver>
Result<void> DiskOf<Driver>::transfer(Cache<Store> &cache, Request &rq, u64 bytes)
{
	bool write = rq.op() != ReqOp::READ, fua = rq.is_fua();
	u64 offset = rq.pos() << KXX_SECTOR_SHIFT;

	return rq.for_each_segment_may_sleep([&](Segment &segment) KXX_MAY_SLEEP -> Result<void> {
		auto mapped = segment.kmap_local();
		unsigned char *data = mapped.data();
		u64 left = segment.size() < bytes ? segment.size() : bytes;

		bytes -= left;
		while (left) {
			u64 room = KXX_PAGE_SIZE - offset % KXX_PAGE_SIZE;
			auto size = static_cast<unsigned int>(left < room ? left : room);

			if (write)
				KXX_TRY(cache.write(offset, data, size, fua));
			else
				cache.read(offset, data, size);
			offset += size;
			data += size;
			left -= size;
		}
		return {};
	});
}

/* The first @bytes of the request. */
template <typename Driver>
BlkStatus DiskOf<Driver>::serve_bytes(Request &rq, u64 bytes, bool may_wait) const
{
	ReqOp op = rq.op();

	if constexpr (Driver::has_memory) {
		if (op == ReqOp::DISCARD && memory_) {
			u64 offset = rq.pos() << KXX_SECTOR_SHIFT;

			if (memory_->discard_now(offset, bytes))
				return BlkStatus::OK;
			if (!may_wait)
				return BlkStatus::AGAIN;
			memory_->discard(offset, bytes);
			return BlkStatus::OK;
		}
		if (op == ReqOp::FLUSH && memory_)
			return blk_status_of(memory_->flush());
	}
	if (op != ReqOp::READ && op != ReqOp::WRITE && !(Driver::zoned && op == ReqOp::ZONE_APPEND))
		return op == ReqOp::FLUSH ? BlkStatus::OK : BlkStatus::NOTSUPP;
	if constexpr (Driver::has_memory) {
		if (memory_) {
			auto *cache = memory_->cache();

			return blk_status_of(cache ? transfer(*cache, rq, bytes)
						   : transfer(memory_->store(), rq, bytes));
		}
	}
	return BlkStatus::OK;
}

template <typename Driver> std::optional<BadRange> DiskOf<Driver>::bad_range(Request &rq) const
{
	u64 bytes = rq.bytes();

	if (!cxxnull_any_watched() || !instruments_ || !bytes || rq.op() == ReqOp::FLUSH)
		return std::nullopt;
	return instruments_->badblocks->check(rq.pos(), bytes >> KXX_SECTOR_SHIFT);
}

template <typename Driver> void DiskOf<Driver>::met(Request &rq, const BadRange &range) const
{
	instruments_->stats.injected(rq.op());
	if (badblocks_mode_.once)
		instruments_->badblocks->forget(range);
}

template <typename Driver>
sector_t DiskOf<Driver>::sectors_before(const Request &rq, const BadRange &range) const
{
	sector_t first = range.first - range.first % badblocks_mode_.block_sectors;

	return badblocks_mode_.partial_io && first > rq.pos() ? first - rq.pos() : 0;
}

template <typename Driver>
BlkStatus DiskOf<Driver>::serve_bad(Request &rq, bool may_wait, sector_t *sectors) const
{
	auto bad = bad_range(rq);
	BlkStatus status = BlkStatus::IOERR;

	if (!bad)
		return serve_bytes(rq, rq.bytes(), may_wait);
	if (sector_t before = sectors_before(rq, *bad)) {
		BlkStatus served = serve_bytes(rq, before << KXX_SECTOR_SHIFT, may_wait);

		/* All of this is done again: then it is met. */
		if (served == BlkStatus::AGAIN)
			return served;
		if (served != BlkStatus::OK)
			status = served;
		else if (sectors)
			*sectors = before;
	}
	met(rq, *bad);
	return status;
}

template <typename Driver>
inline BlkStatus DiskOf<Driver>::serve_data(Request &rq, bool may_wait, sector_t *sectors) const
{
	if (cxxnull_any_watched())
		return serve_bad(rq, may_wait, sectors);
	return serve_bytes(rq, rq.bytes(), may_wait);
}

template <typename Driver>
BlkStatus DiskOf<Driver>::serve_waiting(Request &rq, sector_t *sectors) const
{
	for (;;) {
		/* Each time from the start: what is there by now is written once more. */
		BlkStatus status = serve_data(rq, true, sectors);

		if (status != BlkStatus::AGAIN || !memory_)
			return status;
		if (auto made = memory_->store().make_room(); !made)
			return blk_status_of(made);
	}
}

template <typename Driver> void DiskOf<Driver>::count(Request &rq, BlkStatus status) const
{
	if (instruments_)
		instruments_->stats.count(rq.op(), rq.bytes(), status);
}

/* On a system where some disk is. */
template <typename Driver> BlkStatus DiskOf<Driver>::serve_watched(Request &rq) const
{
	ReqOp op = rq.op();
	/* Both change when a zone append is served, but for what was asked for. */
	sector_t pos = rq.pos();
	unsigned int bytes = rq.bytes();
	auto serve_now = [this, &rq]() KXX_MAY_SLEEP {
		if constexpr (Driver::zoned)
			return static_cast<const Driver *>(this)->serve_zone(rq);
		else
			return serve_bad(rq, false);
	};

	if (!instruments_)
		return serve_now();

	Stats &stats = instruments_->stats;
	auto planned = instruments_->plan.meets(op, pos, bytes >> KXX_SECTOR_SHIFT);
	BlkStatus status = planned ? *planned : serve_now();

	/* What has to wait is counted when it is done. */
	if (status == BlkStatus::AGAIN)
		return status;
	if (planned)
		stats.injected(op);
	stats.count(op, bytes, status);
	return status;
}

template <typename Driver> inline BlkStatus DiskOf<Driver>::serve(Request &rq) const
{
	if (cxxnull_any_watched())
		return serve_watched(rq);
	if constexpr (Driver::zoned)
		return static_cast<const Driver *>(this)->serve_zone(rq);
	else
		return serve_bytes(rq, rq.bytes(), false);
}

/* In the order in which null_blk asks. */
template <typename Driver>
inline typename DiskOf<Driver>::Injected DiskOf<Driver>::injected(Request &rq) const
{
	if (!instruments_)
		return rq.should_fake_timeout() ? Injected::TIMEOUT : Injected::NOTHING;

	InjectedFaults &faults = instruments_->faults;
	bool timeout = faults.timeout.should_fail() || rq.should_fake_timeout();
	Injected what = Injected::NOTHING;

	if (faults.requeue.should_fail()) {
		what = faults.requeued.inc_return() & 1 ? Injected::GIVE_BACK : Injected::REQUEUE;
	} else if (timeout && rq.hctx().type() != HctxType::POLL) {
		what = Injected::TIMEOUT;
	}
	if (what != Injected::NOTHING)
		instruments_->stats.injected(rq.op());
	return what;
}

template <typename Driver>
template <typename F, typename GiveBack>
inline QueueStatus DiskOf<Driver>::unless_injected(OwnedRequest rq, F &&f,
						   GiveBack &&give_back) const
{
	if constexpr (fault_injection) {
		switch (injected(*rq)) {
		case Injected::NOTHING:
			break;
		case Injected::GIVE_BACK:
			return give_back(std::move(rq));
		case Injected::REQUEUE:
			rq.requeue();
			return QueueStatus::ok();
		case Injected::TIMEOUT:
			rq.start();
			rq.abandon();
			return QueueStatus::ok();
		}
	}
	return f(std::move(rq));
}

template <typename Driver>
template <typename F>
inline QueueStatus DiskOf<Driver>::unless_injected(OwnedRequest rq, F &&f) const
{
	return unless_injected(std::move(rq), std::forward<F>(f), [](OwnedRequest refused) {
		return refused.give_back(Retry::RESOURCE);
	});
}

/* The poll list and the timer each yield a request to one caller. */
template <typename Driver>
std::optional<typename DiskOf<Driver>::OwnedRequest> DiskOf<Driver>::take_waiting(Request &rq) const
{
	if constexpr (Driver::polls) {
		auto hctx = rq.hctx();

		if (hctx.type() == HctxType::POLL)
			return hctx.data().done.lock()->take(rq);
	}
	return rq.pdu().timer.cancel();
}

template <typename Driver> void DiskOf<Driver>::end_timed_out(OwnedRequest rq) const
{
	count(*rq, BlkStatus::TIMEOUT);
	rq.end(BlkStatus::TIMEOUT);
}

template <typename Driver> Result<void> DiskOf<Driver>::make_hctx() const
{
	if (instruments_ && instruments_->faults.init_hctx.should_fail())
		return EFAULT;
	return {};
}

template <typename Driver>
inline void DiskOf<Driver>::complete_as_configured(OwnedRequest rq, BlkStatus status) const
{
	switch (irqmode_) {
	case IrqMode::NONE:
		rq.end(status);
		break;
	case IrqMode::SOFTIRQ:
		rq->pdu().status = status;
		rq.complete();
		break;
	case IrqMode::TIMER: {
		auto &timer = rq->pdu().timer;
		u64 nsec = completion_nsec_;

		if constexpr (Driver::has_parts)
			if (latency_)
				nsec = latency_->next();
		rq->pdu().status = status;
		timer.start(std::move(rq), nsec);
		break;
	}
	}
}

template <typename Driver> void DiskOf<Driver>::serve_later(OwnedRequest rq) const
{
	auto &pdu = rq->pdu();

	pdu.waiting = std::move(rq).into_raw();
	// NOLINTNEXTLINE(bugprone-unchecked-optional-access): only a store has a request wait.
	pdu.later.queue_work(memory_->store().pool().wq());
}

/*
 * What is polled for waits for that, whatever irqmode is. The work is done in queue_rq,
 * where it may sleep, and not in poll, as null_blk has it: who polls is in an RCU read-side
 * section (iocb_bio_iopoll()).
 */
template <typename Driver>
inline void DiskOf<Driver>::finish(OwnedRequest rq, BlkStatus status) const
{
	if constexpr (Driver::has_memory && !Driver::zoned) {
		if (status == BlkStatus::AGAIN) [[unlikely]] {
			serve_later(std::move(rq));
			return;
		}
	}
	if constexpr (Driver::polls) {
		auto hctx = rq->hctx();

		if (hctx.type() == HctxType::POLL) {
			rq->pdu().status = status;
			hctx.data().done.lock()->push(std::move(rq));
			return;
		}
	}
	complete_as_configured(std::move(rq), status);
}

template <typename Driver> void DiskOf<Driver>::finish_later(OwnedRequest rq) const
{
	BlkStatus status = serve_waiting(*rq);

	count(*rq, status);
	finish(std::move(rq), status);
}

template <typename Driver> inline QueueStatus DiskOf<Driver>::begin(OwnedRequest rq) const
{
	rq.start();

	BlkStatus status = serve(*rq);

	finish(std::move(rq), status);
	return QueueStatus::ok();
}

template <typename Driver>
inline QueueStatus DiskOf<Driver>::throttled(OwnedRequest rq,
					     const std::optional<Box<Throttle>> &throttle) const
{
	if (!throttle)
		return begin(std::move(rq));
	return (*throttle)->queue_rq(std::move(rq), [this](OwnedRequest admitted) KXX_MAY_SLEEP {
		return begin(std::move(admitted));
	});
}

template <typename Driver> inline void DiskOf<Driver>::serve_list(RequestList<Driver> &list) const
{
	/* Which asks once more; null_blk's queue_rqs() does it so. */
	auto leave_to_queue_rq = [&list](OwnedRequest rq) {
		list.put_back(std::move(rq));
		return QueueStatus::ok();
	};

	if (irqmode_ != IrqMode::NONE) {
		while (auto rq = list.pop())
			static_cast<void>(unless_injected(
				*std::move(rq),
				[this](OwnedRequest sound)
					KXX_MAY_SLEEP { return begin(std::move(sound)); },
				leave_to_queue_rq));
		return;
	}

	CompletionBatch<Driver> batch;
	auto begin_in_batch = [this, &batch](OwnedRequest rq) KXX_MAY_SLEEP {
		bool at_once = true;

		rq.start();

		BlkStatus status = serve(*rq);

		if constexpr (Driver::polls)
			at_once = rq->hctx().type() != HctxType::POLL;
		if (at_once && status == BlkStatus::OK) [[likely]]
			batch.end(std::move(rq), status);
		else
			finish(std::move(rq), status);
		return QueueStatus::ok();
	};

	while (auto rq = list.pop())
		static_cast<void>(
			unless_injected(*std::move(rq), begin_in_batch, leave_to_queue_rq));
}

QueueStatus Disk::queue_rq(OwnedRequest rq) const
{
	return unless_injected(std::move(rq), [this](OwnedRequest sound) KXX_MAY_SLEEP {
		return begin(std::move(sound));
	});
}

void Disk::queue_rqs(RequestList<Disk> &list) const
{
	serve_list(list);
}

void Disk::complete(OwnedRequest rq) const
{
	rq.end(rq->pdu().status);
}

QueueStatus PolledDisk::queue_rq(OwnedRequest rq) const
{
	return unless_injected(std::move(rq), [this](OwnedRequest sound) KXX_MAY_SLEEP {
		return begin(std::move(sound));
	});
}

void PolledDisk::queue_rqs(RequestList<PolledDisk> &list) const
{
	serve_list(list);
}

void PolledDisk::complete(OwnedRequest rq) const
{
	rq.end(rq->pdu().status);
}

QueueStatus FullDisk::queue_rq(OwnedRequest rq) const
{
	return unless_injected(std::move(rq), [this](OwnedRequest sound) KXX_MAY_SLEEP {
		return throttled(std::move(sound), throttle_);
	});
}

void FullDisk::queue_rqs(RequestList<FullDisk> &list) const
{
	if (!throttle_)
		serve_list(list);
}

void FullDisk::Pdu::work()
{
	// SAFETY: serve_later() gave it up, for this.
	auto rq = OwnedRequest::from_raw(std::exchange(waiting, nullptr));
	const FullDisk &disk = rq->queuedata();

	disk.finish_later(std::move(rq));
}

void FullDisk::complete(OwnedRequest rq) const
{
	rq.end(rq->pdu().status);
}

/* The data of a zone's requests, moved under its lock. */
template <bool with_memory> struct ZonedDiskOf<with_memory>::WithMemory {
	static constexpr bool has_data = true;

	const ZonedDiskOf &disk;

	/* Here and not on a workqueue: it must be done before the next write to the zone. */
	WriteResult write(Request &rq) KXX_MAY_SLEEP
	{
		sector_t written = 0;
		BlkStatus status = disk.serve_waiting(rq, &written);

		return { status, written };
	}

	BlkStatus read(Request &rq, sector_t readable) KXX_MAY_SLEEP
	{
		BlkStatus status = disk.serve_data(rq);
		u64 left = readable << KXX_SECTOR_SHIFT;

		if (status != BlkStatus::OK || left >= rq.bytes())
			return status;
		/* What a zone has not been written to reads as, says null_blk. */
		return blk_status_of(rq.for_each_segment([&](Segment &segment) -> Result<void> {
			auto mapped = segment.kmap_local();
			u64 size = segment.size();
			u64 keep = left < size ? left : size;

			memset(mapped.data() + keep, 0xff, size - keep);
			left -= keep;
			return {};
		}));
	}

	BlkStatus discard(sector_t sector, sector_t nr) KXX_MAY_SLEEP
	{
		if (const auto &memory = disk.memory())
			memory->discard(sector << KXX_SECTOR_SHIFT, nr << KXX_SECTOR_SHIFT);
		return BlkStatus::OK;
	}
};

/* No data, but where there are bad blocks its place is of interest. */
template <bool with_memory> struct ZonedDiskOf<with_memory>::WithoutMemory {
	static constexpr bool has_data = false;

	const ZonedDiskOf &disk;
	std::optional<BadRange> bad = std::nullopt;

	WriteResult write(Request &rq)
	{
		bad = disk.bad_range(rq);
		if (!bad)
			return BlkStatus::OK;
		return { BlkStatus::IOERR, disk.sectors_before(rq, *bad) };
	}

	BlkStatus read(Request &, sector_t) { return BlkStatus::OK; }
	BlkStatus discard(sector_t, sector_t) { return BlkStatus::OK; }
};

/* The events that null_blk writes before it serves a request: of writes, and of a reset of all. */
template <bool with_memory> void ZonedDiskOf<with_memory>::trace_before(Request &rq) const
{
	const ZoneGeometry &geometry = zones_->geometry();
	auto trace = [&rq](unsigned int no, ZoneCond cond) {
		cxxnull_trace_zone_op(rq.disk(), static_cast<unsigned int>(rq.op()), no,
				      static_cast<unsigned int>(cond));
	};

	if (rq.op() == ReqOp::WRITE || rq.op() == ReqOp::ZONE_APPEND) {
		auto no = static_cast<unsigned int>(geometry.zone_no(rq.pos()));

		trace(no, zones_->cond(no));
	} else if (rq.op() == ReqOp::ZONE_RESET_ALL) {
		for (unsigned int no = geometry.nr_conv(); no < geometry.nr_zones(); no++) {
			ZoneCond cond = zones_->cond(no);

			if (cond != ZoneCond::EMPTY && cond != ZoneCond::READONLY &&
			    cond != ZoneCond::OFFLINE)
				trace(no, ZoneCond::EMPTY);
		}
	}
}

/* The events of what changed one zone. */
template <bool with_memory> void ZonedDiskOf<with_memory>::trace_after(Request &rq) const
{
	switch (rq.op()) {
	case ReqOp::ZONE_OPEN:
	case ReqOp::ZONE_CLOSE:
	case ReqOp::ZONE_FINISH:
	case ReqOp::ZONE_RESET: {
		auto no = static_cast<unsigned int>(zones_->geometry().zone_no(rq.pos()));

		cxxnull_trace_zone_op(rq.disk(), static_cast<unsigned int>(rq.op()), no,
				      static_cast<unsigned int>(zones_->cond(no)));
		break;
	}
	default:
		break;
	}
}

template <bool with_memory> BlkStatus ZonedDiskOf<with_memory>::serve_traced_zone(Request &rq) const
{
	trace_before(rq);

	BlkStatus status = serve_untraced_zone(rq);

	if (status == BlkStatus::OK)
		trace_after(rq);
	return status;
}

template <bool with_memory> inline BlkStatus ZonedDiskOf<with_memory>::serve_zone(Request &rq) const
{
	if (cxxnull_zone_op_enabled()) [[unlikely]]
		return serve_traced_zone(rq);
	return serve_untraced_zone(rq);
}

template <bool with_memory>
inline BlkStatus ZonedDiskOf<with_memory>::serve_untraced_zone(Request &rq) const
{
	if constexpr (with_memory) {
		if (rq.op() == ReqOp::FLUSH)
			return this->serve_waiting(rq);
		return zones_->handle(rq, WithMemory{ *this });
	} else {
		if (rq.op() == ReqOp::FLUSH)
			return this->serve_data(rq);

		WithoutMemory data{ *this };
		BlkStatus status = zones_->handle(rq, data);

		/* Not under the zone's lock: badblocks_clear() switches interrupts on. */
		if (data.bad)
			this->met(rq, *data.bad);
		if (status == BlkStatus::OK && rq.op() == ReqOp::READ)
			return this->serve_data(rq);
		return status;
	}
}

template <bool with_memory> QueueStatus ZonedDiskOf<with_memory>::queue_rq(OwnedRequest rq) const
{
	return this->unless_injected(std::move(rq), [this](OwnedRequest sound) KXX_MAY_SLEEP {
		return this->throttled(std::move(sound), throttle_);
	});
}

template <bool with_memory> void ZonedDiskOf<with_memory>::complete(OwnedRequest rq) const
{
	rq.end(rq->pdu().status);
}

template <bool with_memory>
Result<unsigned int> ZonedDiskOf<with_memory>::report_zones(sector_t sector, unsigned int nr_zones,
							    ZoneReport &report) const
{
	auto reported = zones_->report_zones(sector, nr_zones, report);

	if (cxxnull_report_zones_enabled())
		cxxnull_trace_report_zones(report.disk(), report.added());
	return reported;
}

template <bool with_memory>
Result<void> ZonedDiskOf<with_memory>::set_zone_cond(sector_t sector, ZoneCond cond) const
{
	auto set = [&](auto data) KXX_MAY_SLEEP {
		auto discard = [&data](sector_t from, sector_t nr)
				       KXX_INHERITS_MAY_SLEEP { return data.discard(from, nr); };

		return cond == ZoneCond::READONLY ? zones_->zone_readonly(sector, discard)
						  : zones_->zone_offline(sector, discard);
	};

	if constexpr (with_memory)
		return set(WithMemory{ *this });
	else
		return set(WithoutMemory{ *this });
}

namespace {

template <typename Driver> unsigned int end_all(Hctx<Driver> hctx, IoCompBatch<Driver> &batch)
{
	auto &done = hctx.data().done;
	unsigned int ended = 0;

	while (auto rq = done.with_locked([](PollList<Driver> &list) { return list.pop(); })) {
		BlkStatus status = (*rq)->pdu().status;

		batch.end(*std::move(rq), status);
		ended++;
	}
	return ended;
}

/* null_blk's. */
constexpr unsigned int timeout_msecs = 5000;

QueueCounts queue_counts(const Config &config)
{
	return { .default_queues = config.submit_queues, .poll_queues = config.poll_queues };
}

template <typename Driver>
Result<ARef<TagSet<Driver>>> make_tags(const Config &config) KXX_MAY_SLEEP
{
	return TagSet<Driver>::make({
		.queues = queue_counts(config),
		.queue_depth = config.hw_queue_depth,
		.numa_node = static_cast<int>(config.home_node),
		.blocking = config.needs_blocking(),
		.no_sched = config.no_sched,
		.shared_tags = config.shared_tag_bitmap,
		.timeout_msecs = timeout_msecs,
	});
}

QueueLimits limits_of(const Config &config)
{
	QueueLimits limits{
		.logical_block_size = config.blocksize,
		.physical_block_size = config.blocksize,
		.max_hw_sectors = config.max_sectors,
		.virt_boundary_mask = config.virt_boundary ? KXX_PAGE_SIZE - 1 : 0ul,
		.rotational = config.rotational,
	};

	if (config.cache_size) {
		limits.write_cache = true;
		limits.fua = config.fua;
	}
	/* As much as a request can say, in whole blocks. */
	if (config.discard)
		limits.max_discard_sectors =
			(~0u / config.blocksize * config.blocksize) >> KXX_SECTOR_SHIFT;
	return limits;
}

} // namespace

unsigned int PolledDisk::poll(Hctx<PolledDisk> hctx, IoCompBatch<PolledDisk> &batch) const
{
	return end_all(hctx, batch);
}

unsigned int FullDisk::poll(Hctx<FullDisk> hctx, IoCompBatch<FullDisk> &batch) const
{
	return end_all(hctx, batch);
}

template <bool with_memory>
unsigned int ZonedDiskOf<with_memory>::poll(Hctx<ZonedDiskOf> hctx,
					    IoCompBatch<ZonedDiskOf> &batch) const
{
	return end_all(hctx, batch);
}

namespace {

sector_t capacity_of(const Config &config)
{
	/* More bytes than a u64 has wrap around, as in null_blk. */
	return (sector_t{ config.size } << 20) >> KXX_SECTOR_SHIFT;
}

Result<DiskParts> make_parts(const DiskSettings &settings) KXX_MAY_SLEEP
{
	const Config &config = settings.config;
	DiskParts parts;

	if (config.memory_backed) {
		u64 size = capacity_of(config) << KXX_SECTOR_SHIFT;

		/* A disk of no size has a store that nothing reaches. */
		if (!size)
			size = 1 << 20;
		parts.memory.emplace(KXX_TRY(
			Memory::make(size < settings.memory_bytes ? size : settings.memory_bytes,
				     u64{ config.cache_size } << 20, settings.page_limit)));
	}
	if (config.mbps)
		parts.throttle.emplace(KXX_TRY(Throttle::make(config.mbps)));
	return parts;
}

/* And what @limits there are of what only some kinds have. */
template <typename Driver>
Result<Box<Driver>> make_driver(const DiskSettings &settings, QueueLimits &limits) KXX_MAY_SLEEP
{
	if constexpr (!Driver::has_parts) {
		return Box<Driver>::make(GFP_KERNEL, settings);
	} else if constexpr (!Driver::zoned) {
		return Box<Driver>::make(GFP_KERNEL, settings, KXX_TRY(make_parts(settings)));
	} else {
		auto geometry = KXX_TRY(ZoneGeometry::make(settings.config.zone_parameters()));
		auto zones = KXX_TRY(Driver::DiskZones::make(geometry));

		geometry.set_limits(limits);
		return Box<Driver>::make(GFP_KERNEL, settings, KXX_TRY(make_parts(settings)),
					 std::move(zones));
	}
}

} // namespace

SharedTags::SharedTags(const cxxnull_params &params) : config_(Config::from(params)) {}

Result<ARef<TagSet<FullDisk>>> SharedTags::get()
{
	return tags_.with_locked(
		[this](auto &tags) KXX_MAY_SLEEP -> Result<ARef<TagSet<FullDisk>>> {
			if (!tags)
				tags.emplace(KXX_TRY(make_tags<FullDisk>(config_)));
			return tags->share();
		});
}

template <typename Driver> constexpr AnyDisk::Ops AnyDisk::ops_of()
{
	using Shown = std::optional<GenDisk<Driver>>;

	return {
		.destroy =
			[](void *disk) {
				// SAFETY: make_of() gave it up, for this.
				[[maybe_unused]] auto dropped =
					Box<Shown>::from_raw(static_cast<Shown *>(disk));
			},
		.update_nr_hw_queues = [](void *disk, const QueueCounts &queues)
					       KXX_MAY_SLEEP -> Result<void> {
			return (*static_cast<Shown *>(disk))->tags().update_nr_hw_queues(queues);
		},
		.set_zone_cond = [](void *disk, sector_t sector, ZoneCond cond)
					 KXX_MAY_SLEEP -> Result<void> {
			if constexpr (Driver::zoned)
				return (*static_cast<Shown *>(disk))
					->driver()
					.set_zone_cond(sector, cond);
			else
				return EINVAL;
		},
		.raw = [](void *disk) { return (*static_cast<Shown *>(disk))->raw(); },
	};
}

template <typename Driver>
Result<Box<AnyDisk>> AnyDisk::make_of(Device &parent, const DiskSettings &settings,
				      ARef<TagSet<Driver>> tags)
{
	using Shown = std::optional<GenDisk<Driver>>;

	static constexpr Ops ops = ops_of<Driver>();
	Shown *shown = KXX_TRY(Box<Shown>::make(GFP_KERNEL)).into_raw();
	auto allocate = [shown]() KXX_MAY_SLEEP {
		auto allocated = Box<AnyDisk>::make(GFP_KERNEL, shown, &ops);

		if (!allocated)
			ops.destroy(shown);
		return allocated;
	};
	auto made = KXX_TRY(allocate());
	QueueLimits limits = limits_of(settings.config);
	auto driver = KXX_TRY(make_driver<Driver>(settings, limits));
	Instruments *instruments = settings.instruments;

	/* The plan is for the disk's users, not for the partition scan of add_disk(). */
	if (instruments)
		instruments->plan.pause();

	/* Last of what can fail: then user space sees the disk. */
	shown->emplace(KXX_TRY(GenDisk<Driver>::device_add(
		parent, std::move(driver), std::move(tags),
		{ .limits = limits,
		  .prefix = settings.name ? settings.name : CXXNULL_DISK,
		  .index = settings.index,
		  .numbered = !settings.name,
		  .capacity = capacity_of(settings.config),
		  .major = settings.major })));
	if (instruments)
		instruments->plan.restart(settings.config.seed);
	return made;
}

template <typename Driver>
Result<Box<AnyDisk>> AnyDisk::make_alone(Device &parent, const DiskSettings &settings)
{
	return make_of<Driver>(parent, settings, KXX_TRY(make_tags<Driver>(settings.config)));
}

Result<Box<AnyDisk>> AnyDisk::make(Device &parent, const DiskSettings &settings)
{
	const Config &config = settings.config;
	bool shared = config.shared_tags && settings.shared_tags;

	if (config.zoned && shared) {
		/* The tags are of another kind of disk. */
		pr_err("shared_tags=1: must be 0 for a disk with zoned=1\n");
		return EINVAL;
	}
	if (config.zoned && config.memory_backed)
		return make_alone<ZonedMemoryDisk>(parent, settings);
	if (config.zoned)
		return make_alone<ZonedDisk>(parent, settings);
	if (shared) {
		if (config.needs_blocking() && !settings.shared_tags->blocking()) {
			pr_err("shared_tags=1: must be 0 for a disk with blocking or cache_size, "
			       "unless the module has one of these parameters, too\n");
			return EINVAL;
		}
		return make_of<FullDisk>(parent, settings, KXX_TRY(settings.shared_tags->get()));
	}
	if (config.memory_backed || config.mbps || settings.latency.kind != LatencyKind::CONSTANT)
		return make_alone<FullDisk>(parent, settings);
	if (config.poll_queues)
		return make_alone<PolledDisk>(parent, settings);
	return make_alone<Disk>(parent, settings);
}

} // namespace cxxnull
