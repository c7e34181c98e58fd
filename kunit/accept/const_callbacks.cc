// SPDX-License-Identifier: GPL-2.0
/* Const callbacks use members that have a lock of their own: workqueue, numbers, array, atomics. */
#include <kxx/base/idr.hpp>
#include <kxx/base/xarray.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/fs/miscdevice.hpp>
#include <kxx/sync/atomic.hpp>
#include <kxx/sync/workqueue.hpp>

using namespace kxx;

struct Page {
	Atomic users{ 0 };
};

class Disk {
public:
	struct Pdu {
		void work() KXX_MAY_SLEEP
		{
			if (rq)
				take(*rq).end(BlkStatus::OK);
		}

		std::optional<Owned<Request<Disk>>> rq;
		Work<Pdu> retry{ *this };
	};
	struct HctxData {
		Atomic queued{ 0 };
	};

	explicit Disk(Workqueue wq) : wq_(std::move(wq)) {}

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		Pdu &pdu = rq->pdu();

		rq->hctx().data().queued.inc();
		if (const Page *page = pages_.load(rq->pos()))
			page->users.inc();
		else
			add_page(rq->pos());
		rq.start();
		pdu.rq.emplace(std::move(rq));
		pdu.retry.queue_work(wq_);
		return QueueStatus::ok();
	}

private:
	void add_page(unsigned long index) const
	{
		unsigned long oldest = 0;

		if (auto page = Box<Page>::make(GFP_NOWAIT);
		    page && pages_.insert(index, std::move(page).value(), GFP_NOWAIT))
			return;
		if (pages_.find(oldest))
			pages_.erase(oldest);
	}

	Workqueue wq_;
	XArray<Box<Page>> pages_;
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}

class Numbers {
public:
	struct File {
		explicit File(Ida::Id id) : id(std::move(id)) {}

		Ida::Id id;
	};

	Result<Box<File>> open() const KXX_MAY_SLEEP
	{
		return Box<File>::make(GFP_KERNEL, KXX_TRY(ids_.alloc_min(0, GFP_KERNEL)));
	}

private:
	Ida ids_;
};

Result<MiscDevice<Numbers>> make_device() KXX_MAY_SLEEP
{
	return MiscDevice<Numbers>::make("numbers", KXX_TRY(Box<Numbers>::make(GFP_KERNEL)));
}
