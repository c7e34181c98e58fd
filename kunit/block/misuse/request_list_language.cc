// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

namespace request_list_copied {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void take(RequestList<Disk> &list)
{
#ifdef MISUSE
	RequestList<Disk> mine = list;
	// expected-error@-1 {{call to deleted constructor of 'RequestList<Disk>'}}
#else
	RequestList<Disk> &mine = list;
#endif
	static_cast<void>(mine.pop());
}
} // namespace request_list_copied

namespace request_list_request_ignored {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void take(RequestList<Disk> &list)
{
#ifdef MISUSE
	list.pop(); // expected-warning {{ignoring return value}}
#else
	if (auto rq = list.pop())
		rq->end(BlkStatus::OK);
#endif
}
} // namespace request_list_request_ignored

namespace request_batch_copied {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void complete(RequestBatch<Disk> batch) const;
};

void complete(RequestBatch<Disk> batch)
{
#ifdef MISUSE
	RequestBatch<Disk> mine = batch;
	// expected-error@-1 {{call to deleted constructor of 'RequestBatch<Disk>'}}
#else
	RequestBatch<Disk> mine = std::move(batch);
#endif
	mine.complete();
}
} // namespace request_batch_copied

namespace request_batch_ignored {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void complete(RequestBatch<Disk> batch) const;
};

void add(RequestBatch<Disk> &batch, Owned<Request<Disk>> rq)
{
#ifdef MISUSE
	batch.add(std::move(rq)); // expected-warning {{ignoring return value}}
#else
	if (auto before = batch.add(std::move(rq)))
		before->complete();
#endif
}
} // namespace request_batch_ignored

namespace request_batch_of_shared_requests {
struct Disk {
	static constexpr bool shares_requests = true;

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(Owned<Request<Disk>> rq)
{
#ifdef MISUSE
	RequestBatch<Disk> batch(std::move(rq));
	// expected-error@kxx/block/request_batch.hpp:* {{a request of a batch has one owner}}
	batch.end(BlkStatus::OK);
#else
	rq.end(BlkStatus::OK);
#endif
}
} // namespace request_batch_of_shared_requests
