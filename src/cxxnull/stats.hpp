/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stats.hpp - statistics of a disk's requests, by operation
 */
#pragma once

#include <kxx/sync/atomic.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/fs/seq_file.hpp>

namespace cxxnull {

/** op_name - name of a request operation in files; NULL if it has none */
const char *op_name(kxx::ReqOp op);

/**
 * Stats - requests, bytes, errors and injected faults of a disk, by operation
 *
 * Counts from reset() on, while enabled. A sum that is read while requests end may miss some
 * of them. Context: any, unless a method says otherwise.
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

	/** reset - sets all counts to 0 */
	void reset();

	/** count - counts a request that ends with @status, and its @bytes if that is OK */
	void count(kxx::ReqOp op, unsigned int bytes, kxx::BlkStatus status);
	/** injected - counts a request to which a fault was injected */
	void injected(kxx::ReqOp op);

	/** show - writes a line per operation that was counted. Context: process */
	void show(kxx::SeqFile &file) const;

private:
	/* Operation numbers have gaps; an operation without a name is counted as "other". */
	static constexpr unsigned int nr_ops = 13;

	struct Counts {
		kxx::Atomic64 requests{ 0 }, bytes{ 0 }, errors{ 0 }, injected{ 0 };
	};

	Counts &of(kxx::ReqOp op);

	kxx::Atomic enabled_{ 0 };
	Counts counts_[nr_ops];
};

} // namespace cxxnull
