// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's static analyzer must find; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

namespace shared_request_reference_outlives_user {
struct Disk {
	static constexpr bool shares_requests = true;
};

unsigned int time_out(ARef<Request<Disk>> rq)
{
	const Request<Disk> &borrowed = *rq;
#ifndef MISUSE
	unsigned int bytes = borrowed.bytes();

	rq.end(BlkStatus::TIMEOUT);
	return bytes;
#else
	rq.end(BlkStatus::TIMEOUT);
	return borrowed.bytes(); // expected-warning {{Use of memory after it is}}
#endif
}
} // namespace shared_request_reference_outlives_user
