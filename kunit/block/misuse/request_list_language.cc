// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC refuse. Judged by scripts/tests/misuse.
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
