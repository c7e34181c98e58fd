// SPDX-License-Identifier: GPL-2.0
/* ramdisk.cc - /dev/kxxram0, a disk of 16 MiB that keeps what is written to it */
#include <kxx/base/module.hpp>
#include <kxx/base/string.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>

using namespace kxx;

namespace {

class RamDisk {
public:
	using Bytes = Box<unsigned char[]>;

	explicit RamDisk(Bytes bytes) : bytes_(std::move(bytes)) {}

	QueueStatus queue_rq(Owned<Request<RamDisk>> rq) const
	{
		bool write = rq->op() == ReqOp::WRITE;
		size_t at = rq->pos() << KXX_SECTOR_SHIFT;

		rq.start();
		if (!write && rq->op() != ReqOp::READ) {
			rq.end(BlkStatus::NOTSUPP);
			return QueueStatus::ok();
		}
		auto copied = rq->for_each_bvec([&](const Bvec &bvec) -> Result<void> {
			// SAFETY: the block layer lets no request reach behind the capacity.
			if (write) {
				memcpy(&bytes_[at], bvec.data(), bvec.size());
			} else {
				memcpy(bvec.data(), &bytes_[at], bvec.size());
				bvec.flush_dcache();
			}
			at += bvec.size();
			return {};
		});
		rq.end(copied ? BlkStatus::OK : BlkStatus::IOERR);
		return QueueStatus::ok();
	}

	static Result<Box<GenDisk<RamDisk>>> make() KXX_MAY_SLEEP
	{
		auto bytes = KXX_TRY(Bytes::make(GFP_KERNEL, 16 << 20));
		auto disk = KXX_TRY(Box<RamDisk>::make(GFP_KERNEL, std::move(bytes)));
		auto tags = KXX_TRY(TagSet<RamDisk>::make({}));
		DiskParameters parameters{ .prefix = "kxxram", .capacity = 16 << 11 };

		return Box<GenDisk<RamDisk>>::make(
			GFP_KERNEL, KXX_TRY(GenDisk<RamDisk>::add(std::move(disk), std::move(tags),
								  parameters)));
	}

private:
	/* Zeroes, until they are written. */
	Bytes bytes_;
};

} // namespace

KXX_MODULE(GenDisk<RamDisk>, RamDisk::make);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kxx sample: a RAM disk");
