// SPDX-License-Identifier: GPL-2.0
#include "disk.hpp"

using namespace kxx;

namespace cxxnull {

Result<Box<GenDisk<Disk>>> Disk::add(Device &parent, unsigned int index,
				     const cxxnull_params &params)
{
	std::optional<Box<Store>> store;

	sector_t capacity = static_cast<sector_t>(params.gb) << (30 - KXX_SECTOR_SHIFT);

	/* Half of memory for all: disks that are written full must not take the machine. */
	if (params.memory_backed) {
		u64 share = totalram_bytes() / 2 / params.nr_devices;
		u64 size = capacity << KXX_SECTOR_SHIFT;

		store.emplace(KXX_TRY(Store::make(size < share ? size : share)));
	}

	auto tags = KXX_TRY(TagSet<Disk>::make({
		.queues = { .default_queues = static_cast<unsigned int>(params.submit_queues) },
		.queue_depth = static_cast<unsigned int>(params.hw_queue_depth),
		.blocking = params.memory_backed,
	}));
	auto driver = KXX_TRY(Box<Disk>::make(GFP_KERNEL, params, std::move(store)));
	auto disk = KXX_TRY(GenDisk<Disk>::device_add(
		parent, std::move(driver), std::move(tags),
		{ .limits = { .logical_block_size = static_cast<unsigned int>(params.bs),
			      .physical_block_size = static_cast<unsigned int>(params.bs) },
		  .prefix = "cxxnullb",
		  .index = index,
		  .capacity = capacity }));

	return Box<GenDisk<Disk>>::make(GFP_KERNEL, std::move(disk));
}

Result<void> Disk::transfer(Store &store, Request &rq)
{
	bool write = rq.op() == ReqOp::WRITE;
	u64 offset = rq.pos() << KXX_SECTOR_SHIFT;

	return rq.for_each_segment([&](Segment &segment) KXX_MAY_SLEEP -> Result<void> {
		auto mapped = segment.kmap_local();
		unsigned char *data = mapped.data();

		for (unsigned int left = segment.size(); left;) {
			unsigned int room = KXX_PAGE_SIZE - offset % KXX_PAGE_SIZE;
			unsigned int size = left < room ? left : room;

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

QueueStatus Disk::queue_rq(OwnedRequest rq)
{
	BlkStatus status = BlkStatus::OK;

	rq.start();
	if (rq->op() != ReqOp::READ && rq->op() != ReqOp::WRITE) {
		status = BlkStatus::NOTSUPP;
	} else if (store_) {
		auto transferred = transfer(**store_, *rq);

		if (!transferred)
			status = errno_to_blk_status(transferred.error());
	}

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
	return QueueStatus::ok();
}

void Disk::complete(OwnedRequest rq)
{
	rq.end(rq->pdu().status);
}

void Disk::timer_expired(OwnedRequest rq)
{
	rq.end(rq->pdu().status);
}

} // namespace cxxnull
