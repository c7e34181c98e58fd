/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault_plan.hpp - which requests of a disk fail on purpose, and how
 *
 * A line for each rule, of which the first that a request meets counts:
 *
 *     OP WHICH STATUS [once|always]
 *
 *     OP      any, or the name of an operation: read, write, flush, discard, zone_append...
 *     WHICH   nth=N               the N-th of them since the plan was written or the disk was
 *                                 switched on, from 1; with "always" every N-th
 *             sectors=FIRST-LAST  those that touch one of these sectors of 512 bytes
 *             chance=N            one in N, at random, as the seed has it
 *     STATUS  ioerr, medium, timeout, nospc, target, transport, protection, ...
 *     once    the rule is over when it has been met; so it is if nothing is said
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
 * FaultPlan - the rules, how far they have got, and whom they meet
 *
 * Requests are numbered in the order in which they ask. So the same plan, seed and order of
 * requests give the same failures. Pinned.
 * Context: process, where nothing else is said.
 *
 *     if (auto status = plan.meets(rq->op(), rq->pos(), rq->bytes() >> KXX_SECTOR_SHIFT))
 *             return *status;
 */
class FaultPlan {
public:
	static constexpr unsigned int max_rules = 16;

	FaultPlan() = default;
	FaultPlan(const FaultPlan &) = delete;
	FaultPlan &operator=(const FaultPlan &) = delete;

	/**
	 * set - other rules, from the beginning; none for an empty text
	 *
	 * The rules, their counts and @seed change together: a request meets the old plan or
	 * the new one.
	 *
	 * -EINVAL for a line that is no rule, -ERANGE for a number that no u64 holds, -ENOSPC for
	 * more than max_rules: then @bad is the line, and the plan is as it was.
	 */
	kxx::Result<void> set(const char *text, u64 seed, const char *&bad);

	/** restart - begins all rules again, with random numbers by @seed */
	void restart(u64 seed);

	/** show - what set() reads, each rule with how often it was met behind a '#' */
	void show(kxx::SysfsBuffer &buffer);

	/**
	 * meets - how a request is to fail, or nothing
	 *
	 * To be asked once for each request. @sectors: 0 for one that has none.
	 * Context: any in which interrupts are on.
	 */
	std::optional<kxx::BlkStatus> meets(kxx::ReqOp op, sector_t pos, sector_t sectors);

private:
	enum class Which { NTH, SECTORS, CHANCE };

	struct Rule {
		std::optional<kxx::ReqOp> op; /* none for any */
		Which which = Which::NTH;
		u64 first = 0, last = 0; /* N, or the sectors */
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
