// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <optional>

#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace dev_resource_without_stopped_queue {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

struct Stopping {
	StoppedQueue stopped;
};

QueueStatus refuse(Owned<Request<Disk>> rq, Stopping &stopping)
{
#ifdef MISUSE
	static_cast<void>(stopping);
	return rq.give_back(BlkStatus::AGAIN);
	// expected-error@-1 {{no matching member function for call to 'give_back'}}
#else
	return rq.give_back(stopping.stopped);
#endif
}
} // namespace dev_resource_without_stopped_queue

namespace frozen_queue_ignored {
void hold(RequestQueue queue) KXX_MAY_SLEEP
{
#ifdef MISUSE
	queue.freeze(); // expected-warning {{ignoring return value}}
#else
	auto frozen = queue.freeze();
#endif
}
} // namespace frozen_queue_ignored

namespace queue_frozen_in_queue_rq {
class Disk {
public:
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const KXX_MAY_SLEEP
	{
#ifdef MISUSE
		{
			auto frozen = rq->queue().freeze();
			// expected-error@-1 {{no member named 'freeze' in 'kxx::BusyQueue'}}
		}
#else
		auto held = stopped_.lock();

		if (!*held)
			held->emplace(rq->queue().stop());
#endif
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

private:
	SpinLockIrq<std::optional<StoppedQueue>> stopped_;
};

auto make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({ .blocking = true });
}
} // namespace queue_frozen_in_queue_rq

namespace queue_quiesced_in_queue_rq {
class Disk {
public:
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const KXX_MAY_SLEEP
	{
#ifdef MISUSE
		{
			auto quiesced = rq->queue().quiesce();
			// expected-error@-1 {{no member named 'quiesce' in 'kxx::BusyQueue'}}
		}
#endif
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
};

auto make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({ .blocking = true });
}
} // namespace queue_quiesced_in_queue_rq

namespace quiesced_queue_copied {
void hold(RequestQueue queue) KXX_MAY_SLEEP
{
	auto quiesced = queue.quiesce();
#ifdef MISUSE
	auto more = quiesced; // expected-error {{call to deleted constructor of 'QuiescedQueue'}}
#else
	auto more = queue.quiesce();
#endif
}
} // namespace quiesced_queue_copied
