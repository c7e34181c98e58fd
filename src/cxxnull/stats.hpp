/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stats.hpp - statistics of a disk's requests, by operation
 */
#pragma once

#include <kxx/sync/atomic.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/fs/seq_file.hpp>

namespace cxxnull {

/** Named - a value, and its name in the files of a disk */
template <typename T> struct Named {
	T value;
	const char *name;
};

/** op_names - the operations that a disk receives, named as blk_op_str() does in lower case */
inline constexpr Named<kxx::ReqOp> op_names[] = {
	{ kxx::ReqOp::READ, "read" },
	{ kxx::ReqOp::WRITE, "write" },
	{ kxx::ReqOp::FLUSH, "flush" },
	{ kxx::ReqOp::DISCARD, "discard" },
	{ kxx::ReqOp::ZONE_APPEND, "zone_append" },
	{ kxx::ReqOp::ZONE_OPEN, "zone_open" },
	{ kxx::ReqOp::ZONE_CLOSE, "zone_close" },
	{ kxx::ReqOp::ZONE_FINISH, "zone_finish" },
	{ kxx::ReqOp::ZONE_RESET, "zone_reset" },
	{ kxx::ReqOp::ZONE_RESET_ALL, "zone_reset_all" },
};
inline constexpr unsigned int nr_op_names = sizeof(op_names) / sizeof(op_names[0]);

/**
 * Stats - requests, bytes, errors and injected faults of a disk, by operation
 *
 * Counts while enabled. A sum that is read while requests end may miss some of them. A request
 * that is in flight while the counts are enabled or reset may be counted in part.
 * Context: any, unless a method says otherwise.
 */
class Stats {
public:
	Stats() = default;
	Stats(const Stats &) = delete;
	Stats &operator=(const Stats &) = delete;

	bool enabled() const { return enabled_.read(); }
	void enable(bool on) { enabled_.set(on); }

	/** reset - zeroes all counts */
	void reset();

	/** count - counts a request and, if @status is OK, its @bytes, else an error */
	void count(kxx::ReqOp op, unsigned int bytes, kxx::BlkStatus status);
	/** timed_out - counts an error, not @bytes, for a request that was counted with @status */
	void timed_out(kxx::ReqOp op, unsigned int bytes, kxx::BlkStatus status);
	/** injected - counts a request to which a fault was injected */
	void injected(kxx::ReqOp op);

	/** show - writes a line for each operation with a count. Context: process */
	void show(kxx::SeqFile &file) const;

private:
	struct Counts {
		kxx::Atomic64 requests{ 0 }, bytes{ 0 }, errors{ 0 }, injected{ 0 };
	};

	Counts &of(kxx::ReqOp op);

	kxx::Atomic enabled_{ 0 };
	/* Indexed as op_names. The last one counts all other operations. */
	Counts counts_[nr_op_names + 1];
};

} // namespace cxxnull
