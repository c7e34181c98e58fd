// SPDX-License-Identifier: GPL-2.0
#include "stats.hpp"

using namespace kxx;

namespace cxxnull {

Stats::Counts &Stats::of(ReqOp op)
{
	unsigned int number = 0;

	while (number < nr_op_names && op_names[number].value != op)
		number++;
	return counts_[number];
}

void Stats::reset()
{
	for (Counts &counts : counts_) {
		counts.requests.set(0);
		counts.bytes.set(0);
		counts.errors.set(0);
		counts.injected.set(0);
	}
}

void Stats::count(ReqOp op, unsigned int bytes, BlkStatus status)
{
	if (!enabled())
		return;

	Counts &counts = of(op);

	counts.requests.inc();
	if (status == BlkStatus::OK)
		counts.bytes.add(bytes);
	else
		counts.errors.inc();
}

void Stats::timed_out(ReqOp op, unsigned int bytes, BlkStatus status)
{
	if (!enabled() || status != BlkStatus::OK)
		return;
	of(op).bytes.sub(bytes);
	of(op).errors.inc();
}

void Stats::injected(ReqOp op)
{
	if (enabled())
		of(op).injected.inc();
}

void Stats::show(SeqFile &file) const
{
	seq_printf(file.raw(), "%-14s %12s %20s %12s %12s\n", "op", "requests", "bytes", "errors",
		   "injected");
	for (unsigned int number = 0; number <= nr_op_names; number++) {
		const Counts &counts = counts_[number];
		s64 requests = counts.requests.read(), injected = counts.injected.read();

		if (requests || injected)
			seq_printf(file.raw(), "%-14s %12lld %20lld %12lld %12lld\n",
				   number < nr_op_names ? op_names[number].name : "other", requests,
				   counts.bytes.read(), counts.errors.read(), injected);
	}
}

} // namespace cxxnull
