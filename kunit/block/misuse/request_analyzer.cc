// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's static analyzer must find; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {};

namespace request_ended_in_a_walk_over_it {
void serve(Owned<Request<Disk>> rq)
{
	auto walked = rq->for_each_bvec([&](const Bvec &bvec) -> Result<void> {
#ifndef MISUSE
		if (bvec.size() & 511)
			return EIO;
#else
		if (bvec.size() & 511)
			rq.end(BlkStatus::IOERR);
		// expected-warning@kxx/block/request.hpp:* {{Use of memory after it is}}
		// expected-note@-2 {{Returning; memory was released}}
#endif
		return {};
	});

#ifndef MISUSE
	rq.end(walked ? BlkStatus::OK : BlkStatus::IOERR);
#else
	static_cast<void>(walked);
#endif
}
} // namespace request_ended_in_a_walk_over_it

namespace request_from_raw_twice {
struct Descriptor {
	Owned<Request<Disk>>::Raw rq = nullptr;
};

void complete(Descriptor &descriptor)
{
	if (!descriptor.rq)
		return;
	Owned<Request<Disk>>::from_raw(descriptor.rq).end(BlkStatus::OK);
	// expected-warning@-1 {{Use of memory after it is}}
#ifndef MISUSE
	descriptor.rq = nullptr;
#endif
}

void complete_all(Descriptor &descriptor)
{
	complete(descriptor);
	complete(descriptor);
}
} // namespace request_from_raw_twice

namespace request_pdu_outlives_request {
struct Disk {
	struct Pdu {
		int tries = 0;
	};
};

void serve(Owned<Request<Disk>> rq)
{
	auto &pdu = rq->pdu();
#ifndef MISUSE
	pdu.tries = 0;
	rq.end(BlkStatus::OK);
#else
	rq.end(BlkStatus::OK);
	pdu.tries = 0; // expected-warning {{Use of memory after it is}}
#endif
}
} // namespace request_pdu_outlives_request

namespace request_reference_outlives_request {
unsigned int serve(Owned<Request<Disk>> rq)
{
	Request<Disk> &borrowed = *rq;
#ifndef MISUSE
	unsigned int bytes = borrowed.bytes();

	rq.end(BlkStatus::OK);
	return bytes;
#else
	rq.end(BlkStatus::OK);
	return borrowed.bytes(); // expected-warning {{Use of memory after it is}}
#endif
}
} // namespace request_reference_outlives_request
