/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stats.hpp - how many requests a disk has served, of each kind
 */
#pragma once

#include <kxx/sync/atomic.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/fs/seq_file.hpp>

namespace cxxnull {

/** op_name - what a request operation is called in files; NULL for one without a name */
const char *op_name(kxx::ReqOp op);

/**
 * Stats - requests, bytes, errors and injected faults of a disk, by operation
 *
 * Counts from reset() on, and only while it is enabled. A sum that is read while requests
 * end may lack some of them. Context: any, where nothing else is said.
 *
 *     stats.count(rq->op(), rq->bytes(), status);
 */
class Stats {
public:
	Stats() = default;
	Stats(const Stats &) = delete;
	Stats &operator=(const Stats &) = delete;

	bool enabled() const { return enabled_.read(); }
	void enable(bool on) { enabled_.set(on); }

	/** reset - all counts are 0 */
	void reset();

	/** count - a request that is to end with @status; its @bytes count if that is OK */
	void count(kxx::ReqOp op, unsigned int bytes, kxx::BlkStatus status);
	/** injected - something was done to a request that is no part of serving it */
	void injected(kxx::ReqOp op);

	/** show - a line for each operation that there was. Context: process */
	void show(kxx::SeqFile &file) const;

private:
	/* Operations are numbered with gaps; what has no name is counted under "other". */
	static constexpr unsigned int nr_ops = 13;

	struct Counts {
		kxx::Atomic64 requests{ 0 }, bytes{ 0 }, errors{ 0 }, injected{ 0 };
	};

	Counts &of(kxx::ReqOp op);

	kxx::Atomic enabled_{ 0 };
	Counts counts_[nr_ops];
};

} // namespace cxxnull
