// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

namespace completion_batch_moved {
void finish(Owned<Request<Disk>> rq)
{
	CompletionBatch<Disk> batch;

	batch.end(std::move(rq), BlkStatus::OK);
#ifdef MISUSE
	CompletionBatch<Disk> other = std::move(batch);
	// expected-error@-1 {{call to deleted constructor of 'CompletionBatch<Disk>'}}
#endif
}
} // namespace completion_batch_moved

namespace request_complete_without_callback {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq.start();
		rq.complete();
		// expected-error@kxx/block/request.hpp:* {{a driver without complete() cannot complete a request: end() it}}
		// expected-note@-2 {{requested here}}
		return QueueStatus::ok();
	}
#ifndef MISUSE
	void complete(Owned<Request<Disk>> rq) const { rq.end(BlkStatus::OK); }
#endif
};
} // namespace request_complete_without_callback

namespace request_copied {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(Owned<Request<Disk>> rq);

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifndef MISUSE
	end(std::move(rq));
#else
	end(rq); // expected-error {{call to deleted constructor of 'Owned<Request<Disk>>'}}
#endif
	return QueueStatus::ok();
}
} // namespace request_copied

namespace request_ended_with_retry {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
#ifndef MISUSE
	return rq.give_back(Retry::RESOURCE);
#else
	rq.end(Retry::RESOURCE);
	// expected-error@-1 {{cannot initialize a parameter of type 'BlkStatus' with an rvalue of type}}
	return QueueStatus::ok();
#endif
}
} // namespace request_ended_with_retry

namespace request_into_raw_ignored {
struct Disk {};

void keep(Owned<Request<Disk>>::Raw &slot, Owned<Request<Disk>> rq)
{
	slot = nullptr;
#ifdef MISUSE
	std::move(rq).into_raw(); // expected-warning {{nobody else ends the request}}
#else
	slot = std::move(rq).into_raw();
#endif
}
} // namespace request_into_raw_ignored

namespace request_pdu_without_pdu {
struct Disk {
#ifndef MISUSE
	struct Pdu {
		unsigned int retries = 0;
	};
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq->pdu().retries++;
		// expected-error@-1 {{no member named 'retries' in 'kxx::detail::NoPdu'}}
		return rq.give_back(Retry::RESOURCE);
	}
};
} // namespace request_pdu_without_pdu

namespace request_pointer_kept {
struct Disk {};
struct Command {
	Owned<Request<Disk>>::Raw rq;
	const Request<Disk> *request;
};

void keep(Command &command, Owned<Request<Disk>> rq)
{
#ifdef MISUSE
	command.request = &*rq;
	// expected-error@-1 {{overload resolution selected deleted operator '&'}}
#endif
	command.rq = std::move(rq).into_raw();
}
} // namespace request_pointer_kept

namespace request_status_not_blk_status {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifndef MISUSE
	rq.end(BlkStatus::IOERR);
#else
	rq.end(EIO); // expected-error {{no viable conversion from 'const Errno' to 'BlkStatus'}}
#endif
	return QueueStatus::ok();
}
} // namespace request_status_not_blk_status

namespace segment_visitor_returns_nothing {
u64 count(Request<Disk> &rq)
{
	u64 bytes = 0;

#ifndef MISUSE
	auto counted = rq.for_each_bvec([&](const Bvec &bvec) -> Result<void> {
		bytes += bvec.size();
		return {};
	});
#else
	auto counted = rq.for_each_bvec([&](const Bvec &bvec) { bytes += bvec.size(); });
	// expected-error@-1 {{no matching member function for call to 'for_each_bvec'}}
#endif
	return counted ? bytes : 0;
}
} // namespace segment_visitor_returns_nothing
