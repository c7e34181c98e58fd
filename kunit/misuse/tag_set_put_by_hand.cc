// SPDX-License-Identifier: GPL-2.0
// expect: 'put' is a private member
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

class Disk {
public:
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

Result<void> make() KXX_MAY_SLEEP
{
	auto tags = KXX_TRY(TagSet<Disk>::make({}));
	auto shared = tags.share();

#ifdef MISUSE
	TagSet<Disk>::put(&*tags);
#endif
	return {};
}
