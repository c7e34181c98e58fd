// SPDX-License-Identifier: GPL-2.0
#include "name.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/printk.hpp>

#include "disk.hpp"

using namespace kxx;

namespace cxxnull {

template <typename Driver>
Result<void> DiskOf<Driver>::transfer(Store &store, Request &rq, u64 bytes)
{
	bool write = rq.op() == ReqOp::WRITE;
	u64 offset = rq.pos() << KXX_SECTOR_SHIFT;

	return rq.for_each_segment([&](Segment &segment) KXX_MAY_SLEEP -> Result<void> {
		auto mapped = segment.kmap_local();
		unsigned char *data = mapped.data();
		u64 left = segment.size() < bytes ? segment.size() : bytes;

		bytes -= left;
		while (left) {
			u64 room = KXX_PAGE_SIZE - offset % KXX_PAGE_SIZE;
			auto size = static_cast<unsigned int>(left < room ? left : room);

			if (write)
				KXX_TRY(store.write(offset, data, size));
			else
				store.read(offset, data, size);
			offset += size;
			data += size;
			left -= size;
		}
		return {};
	});
}

/* The first @bytes of the request. */
template <typename Driver> BlkStatus DiskOf<Driver>::serve_bytes(Request &rq, u64 bytes)
{
	ReqOp op = rq.op();

	if constexpr (Driver::has_store) {
		if (op == ReqOp::DISCARD && store_) {
			(*store_)->discard(rq.pos() << KXX_SECTOR_SHIFT, bytes);
			return BlkStatus::OK;
		}
	}
	if (op != ReqOp::READ && op != ReqOp::WRITE)
		return op == ReqOp::FLUSH ? BlkStatus::OK : BlkStatus::NOTSUPP;
	if constexpr (Driver::has_store) {
		if (store_) {
			auto transferred = transfer(**store_, rq, bytes);

			if (!transferred)
				return errno_to_blk_status(transferred.error());
		}
	}
	return BlkStatus::OK;
}

/* On a system with bad blocks somewhere. */
template <typename Driver> BlkStatus DiskOf<Driver>::serve_bad(Request &rq)
{
	sector_t pos = rq.pos();
	u64 bytes = rq.bytes();

	if (!badblocks_ || !bytes || rq.op() == ReqOp::FLUSH)
		return serve_bytes(rq, bytes);

	auto bad = badblocks_->check(pos, bytes >> KXX_SECTOR_SHIFT);

	if (!bad)
		return serve_bytes(rq, bytes);
	if (badblocks_mode_.once)
		badblocks_->forget(*bad);
	if (badblocks_mode_.partial_io) {
		sector_t first = bad->first - bad->first % badblocks_mode_.block_sectors;

		if (first > pos) {
			BlkStatus status = serve_bytes(rq, (first - pos) << KXX_SECTOR_SHIFT);

			if (status != BlkStatus::OK)
				return status;
		}
	}
	return BlkStatus::IOERR;
}

template <typename Driver> inline BlkStatus DiskOf<Driver>::serve(Request &rq)
{
	if (BadBlocks::any_enabled())
		return serve_bad(rq);
	return serve_bytes(rq, rq.bytes());
}

template <typename Driver>
inline void DiskOf<Driver>::complete_as_configured(OwnedRequest rq, BlkStatus status)
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

		rq->pdu().status = status;
		timer.start(std::move(rq), completion_nsec_);
		break;
	}
	}
}

/*
 * What is polled for waits for that, whatever irqmode is. The work is done in queue_rq,
 * where it may sleep, and not in poll, as null_blk has it: who polls is in an RCU read-side
 * section (iocb_bio_iopoll()).
 */
template <typename Driver> inline void DiskOf<Driver>::finish(OwnedRequest rq, BlkStatus status)
{
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

QueueStatus Disk::queue_rq(OwnedRequest rq)
{
	rq.start();

	BlkStatus status = serve(*rq);

	finish(std::move(rq), status);
	return QueueStatus::ok();
}

void Disk::complete(OwnedRequest rq)
{
	rq.end(rq->pdu().status);
}

QueueStatus PolledDisk::queue_rq(OwnedRequest rq)
{
	rq.start();

	BlkStatus status = serve(*rq);

	finish(std::move(rq), status);
	return QueueStatus::ok();
}

void PolledDisk::complete(OwnedRequest rq)
{
	rq.end(rq->pdu().status);
}

QueueStatus FullDisk::queue_rq(OwnedRequest rq)
{
	rq.start();

	BlkStatus status = serve(*rq);

	finish(std::move(rq), status);
	return QueueStatus::ok();
}

void FullDisk::complete(OwnedRequest rq)
{
	rq.end(rq->pdu().status);
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
		.blocking = config.blocking,
		.no_sched = config.no_sched,
		.shared_tags = config.shared_tag_bitmap,
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

	/* As much as a request can say, in whole blocks. */
	if (config.discard)
		limits.max_discard_sectors =
			(~0u / config.blocksize * config.blocksize) >> KXX_SECTOR_SHIFT;
	return limits;
}

} // namespace

unsigned int PolledDisk::poll(Hctx<PolledDisk> hctx, IoCompBatch<PolledDisk> &batch)
{
	return end_all(hctx, batch);
}

unsigned int FullDisk::poll(Hctx<FullDisk> hctx, IoCompBatch<FullDisk> &batch)
{
	return end_all(hctx, batch);
}

SharedTags::SharedTags(const cxxnull_params &params) : config_(Config::from(params))
{
	config_.complete(CXXNULL_NAME);
}

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
	using Shown = GenDisk<Driver>;

	return {
		.destroy =
			[](void *disk) {
				// SAFETY: make_of() gave it up, for this.
				[[maybe_unused]] auto dropped =
					Box<Shown>::from_raw(static_cast<Shown *>(disk));
			},
		.update_nr_hw_queues = [](void *disk, const QueueCounts &queues)
					       KXX_MAY_SLEEP -> Result<void> {
			return static_cast<Shown *>(disk)->tags().update_nr_hw_queues(queues);
		},
		.raw = [](void *disk) { return static_cast<Shown *>(disk)->raw(); },
	};
}

template <typename Driver>
Result<Box<AnyDisk>> AnyDisk::make_of(Device &parent, const DiskSettings &settings,
				      ARef<TagSet<Driver>> tags)
{
	static constexpr Ops ops = ops_of<Driver>();
	const Config &config = settings.config;
	std::optional<Box<Store>> store;
	sector_t capacity = sector_t{ config.size } << (20 - KXX_SECTOR_SHIFT);

	if (config.memory_backed) {
		u64 size = capacity << KXX_SECTOR_SHIFT;

		store.emplace(KXX_TRY(
			Store::make(size < settings.memory_bytes ? size : settings.memory_bytes)));
	}

	auto driver = KXX_TRY(Box<Driver>::make(GFP_KERNEL, settings, std::move(store)));
	auto shown = KXX_TRY(GenDisk<Driver>::device_add(
		parent, std::move(driver), std::move(tags),
		{ .limits = limits_of(config),
		  .prefix = settings.name ? settings.name : CXXNULL_DISK,
		  .index = settings.index,
		  .numbered = !settings.name,
		  .capacity = capacity }));
	auto disk = KXX_TRY(Box<GenDisk<Driver>>::make(GFP_KERNEL, std::move(shown)));
	void *raw = std::move(disk).into_raw();
	auto made = Box<AnyDisk>::make(GFP_KERNEL, raw, &ops);

	if (!made)
		ops.destroy(raw);
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

	if (config.shared_tags && settings.shared_tags) {
		if (config.blocking && !settings.shared_tags->blocking()) {
			pr_err("shared_tags=1: must be 0 for a disk with blocking or "
			       "memory_backed, "
			       "unless the module has one of these parameters, too\n");
			return EINVAL;
		}
		return make_of<FullDisk>(parent, settings, KXX_TRY(settings.shared_tags->get()));
	}
	if (config.memory_backed)
		return make_alone<FullDisk>(parent, settings);
	if (config.poll_queues)
		return make_alone<PolledDisk>(parent, settings);
	return make_alone<Disk>(parent, settings);
}

} // namespace cxxnull
