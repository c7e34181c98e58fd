/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault_plan.hpp - rules that make requests of a disk fail
 *
 * A line for each rule. The first rule that a request matches applies:
 *
 *     OP WHICH STATUS [once|always]
 *
 *     OP      any, or the name of an operation: read, write, flush, discard, zone_append...
 *     WHICH   nth=N               the N-th of them since the plan was written or the disk was
 *                                 switched on, from 1; with "always" every N-th
 *             sectors=FIRST-LAST  those that touch one of these sectors of 512 bytes
 *             chance=N            one in N, at random; the seed selects which
 *     STATUS  ioerr, medium, timeout, nospc, target, transport, protection, ...
 *     once    the rule ends with its first match; the default
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
 * FaultPlan - the rules and their counts
 *
 * Requests are numbered in the order of their calls of meets(). So the same plan, seed and order of
 * requests give the same failures. Pinned.
 * Context: process, unless a method says otherwise.
 */
class FaultPlan {
public:
	static constexpr unsigned int max_rules = 16;

	FaultPlan() = default;
	FaultPlan(const FaultPlan &) = delete;
	FaultPlan &operator=(const FaultPlan &) = delete;

	/**
	 * set - replaces the rules and zeroes their counts; an empty text is no rules
	 *
	 * The rules, their counts and @seed change together: a request is judged by the old
	 * plan or the new one.
	 *
	 * -EINVAL for a line that is no rule, -ERANGE for a number above 2^64 - 1, -ENOSPC for
	 * more than max_rules. Then @bad is the line, and the plan is unchanged.
	 */
	kxx::Result<void> set(const char *text, u64 seed, const char *&bad);

	/** restart - zeroes all counts; random numbers begin again with @seed */
	void restart(u64 seed);

	/** show - writes what set() reads, with the count of each rule after a '#' */
	void show(kxx::SysfsBuffer &buffer);

	/**
	 * meets - the status with which a request must fail, or nothing
	 * @sectors: 0 for a request without data
	 *
	 * Call it once for each request. Context: any in which interrupts are on.
	 */
	std::optional<kxx::BlkStatus> meets(kxx::ReqOp op, sector_t pos, sector_t sectors);

private:
	enum class Which { NTH, SECTORS, CHANCE };

	struct Rule {
		std::optional<kxx::ReqOp> op; /* none for any */
		Which which = Which::NTH;
		u64 first = 0, last = 0; /* N, or the range of sectors */
		kxx::BlkStatus status = kxx::BlkStatus::IOERR;
		bool always = false;
		u64 asked = 0, met = 0;

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
