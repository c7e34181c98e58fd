// SPDX-License-Identifier: GPL-2.0
// expect: calling function 'operator()' requires negative capability '!atomic_context'
#include <kxx/block/blk-mq.hpp>
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

Result<void> serve(Request<Disk> &rq) KXX_MAY_SLEEP
{
	auto copy = [](const Bvec &) KXX_MAY_SLEEP -> Result<void> {
		auto page = KXX_TRY(Box<int>::make(GFP_KERNEL, 1));

		return {};
	};

#ifndef MISUSE
	return rq.for_each_bvec_may_sleep(copy);
#else
	return rq.for_each_bvec(copy);
#endif
}
