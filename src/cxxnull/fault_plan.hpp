/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault_plan.hpp - rules that make requests of a disk fail
 *
 * A plan has one rule per line. The first rule that matches a request sets its status:
 *
 *     OP WHICH STATUS [once|always]
 *
 *     OP      any, or the name of an operation: read, write, flush, discard, zone_append...
 *     WHICH   nth=N               the N-th request of OP since the plan was written or the
 *                                 disk was powered on, from 1; with "always" every N-th
 *             sectors=FIRST-LAST  requests that touch one of these sectors of 512 bytes
 *             chance=N            one request in N, at random; the disk's seed selects which
 *     STATUS  ioerr, medium, timeout, nospc, target, transport, protection, ...
 *     once    the rule is disabled after its first match; the default
 *
 *     read nth=3 medium
 *     write sectors=8-15 ioerr always
 */
#pragma once

#include <optional>

#include <kxx/block/blk-mq.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/fs/sysfs.hpp>

namespace cxxnull {

/**
 * FaultPlan - the rules of a disk, and their counts
 *
 * Requests count in the order of their meets() calls, so the same plan, seed and order of
 * requests give the same failures. Pinned. Context: process, unless a method says otherwise.
 */
class FaultPlan {
public:
	static constexpr unsigned int max_rules = 16;

	FaultPlan() = default;
	FaultPlan(const FaultPlan &) = delete;
	FaultPlan &operator=(const FaultPlan &) = delete;

	/**
	 * set - replaces all rules and zeroes their counts; an empty text removes all rules
	 *
	 * The lock makes the change atomic: a request is checked against the old or the new plan.
	 *
	 * Returns -EINVAL for a line that is no rule, -ERANGE for a number above 2^64 - 1, -ENOSPC
	 * for more than max_rules rules. After an error @bad points to the line, and the plan is
	 * unchanged.
	 */
	kxx::Result<void> set(const char *text, u64 seed, const char *&bad);

	/** restart - zeroes all counts and restarts the random sequences with @seed */
	void restart(u64 seed);

	/** show - writes the rules as set() reads them, each with its counts after a '#' */
	void show(kxx::SysfsBuffer &buffer);

	/**
	 * meets - counts a request and returns the status with which it must fail, or nothing
	 * @sectors: 0 for a request without data
	 *
	 * Call it once for each request. Context: any except NMI.
	 */
	std::optional<kxx::BlkStatus> meets(kxx::ReqOp op, sector_t pos, sector_t sectors);

private:
	enum class Which { NTH, SECTORS, CHANCE };

	struct Rule {
		std::optional<kxx::ReqOp> op; /* nothing for "any" */
		Which which = Which::NTH;
		u64 first = 0, last = 0; /* N of nth and chance, or FIRST and LAST */
		kxx::BlkStatus status = kxx::BlkStatus::IOERR;
		bool always = false;
		u64 asked = 0, met = 0; /* requests of op, and those that matched */

		bool concerns(kxx::ReqOp what) const { return !op || *op == what; }
		bool meets(unsigned int number, u64 seed, sector_t pos, sector_t sectors) const;
	};

	struct Rules {
		Rule rules[max_rules];
		unsigned int count = 0;
		u64 seed = 0;
	};

	static kxx::Result<Rule> parse(const char *line);

	kxx::SpinLockIrq<Rules> rules_;
};

} // namespace cxxnull
