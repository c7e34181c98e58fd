// SPDX-License-Identifier: GPL-2.0
#include "stats.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

struct Name {
	ReqOp op;
	const char *name;
};

/* The names of blk_op_str(), in lower case. */
constexpr Name names[] = {
	{ ReqOp::READ, "read" },
	{ ReqOp::WRITE, "write" },
	{ ReqOp::FLUSH, "flush" },
	{ ReqOp::DISCARD, "discard" },
	{ ReqOp::SECURE_ERASE, "secure_erase" },
	{ ReqOp::WRITE_ZEROES, "write_zeroes" },
	{ ReqOp::ZONE_APPEND, "zone_append" },
	{ ReqOp::ZONE_OPEN, "zone_open" },
	{ ReqOp::ZONE_CLOSE, "zone_close" },
	{ ReqOp::ZONE_FINISH, "zone_finish" },
	{ ReqOp::ZONE_RESET, "zone_reset" },
	{ ReqOp::ZONE_RESET_ALL, "zone_reset_all" },
};
constexpr unsigned int nr_names = sizeof(names) / sizeof(names[0]);

/* Index into names; nr_names if the operation has none. */
unsigned int number_of(ReqOp op)
{
	unsigned int number = 0;

	while (number < nr_names && names[number].op != op)
		number++;
	return number;
}

} // namespace

const char *op_name(ReqOp op)
{
	unsigned int number = number_of(op);

	return number < nr_names ? names[number].name : nullptr;
}

Stats::Counts &Stats::of(ReqOp op)
{
	static_assert(nr_ops == nr_names + 1);
	return counts_[number_of(op)];
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

void Stats::injected(ReqOp op)
{
	if (enabled())
		of(op).injected.inc();
}

void Stats::show(SeqFile &file) const
{
	seq_printf(file.raw(), "%-14s %12s %20s %12s %12s\n", "op", "requests", "bytes", "errors",
		   "injected");
	for (unsigned int number = 0; number < nr_ops; number++) {
		const Counts &counts = counts_[number];
		s64 requests = counts.requests.read(), injected = counts.injected.read();

		if (requests || injected)
			seq_printf(file.raw(), "%-14s %12lld %20lld %12lld %12lld\n",
				   number < nr_names ? names[number].name : "other", requests,
				   counts.bytes.read(), counts.errors.read(), injected);
	}
}

} // namespace cxxnull
