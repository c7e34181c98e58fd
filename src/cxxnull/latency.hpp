/* SPDX-License-Identifier: GPL-2.0 */
/*
 * latency.hpp - completion times of requests with irqmode=2, drawn from a distribution
 */
#pragma once

#include <kxx/sync/atomic.hpp>
#include <kxx/base/err.hpp>
#include <kxx/fs/sysfs.hpp>

namespace cxxnull {

/**
 * LatencyKind - shape of a distribution, and meaning of the numbers in Distribution
 * @CONSTANT: always completion_nsec; uses no numbers
 * @UNIFORM: from @first to @second ns, all equally likely
 * @NORMAL: mean @first ns, standard deviation @second ns; at least 0, and no more than
 *          6 deviations from the mean
 * @BIMODAL: @second ns for @permille of 1000 requests, @first ns for the others
 */
enum class LatencyKind : unsigned int { CONSTANT, UNIFORM, NORMAL, BIMODAL };

/** Distribution - distribution of completion times; plain data */
struct Distribution {
	/** max_nsec - largest number in a distribution: an hour; completion_nsec has no limit */
	static constexpr u64 max_nsec = 3600000000000ull;

	LatencyKind kind = LatencyKind::CONSTANT;
	u64 first = 0, second = 0;
	unsigned int permille = 0;

	/**
	 * parse - parses "constant", "uniform MIN MAX", "normal MEAN DEVIATION" or
	 *         "bimodal FAST SLOW PERMILLE"
	 *
	 * Returns -EINVAL for other text or a number out of range, -ERANGE for one above 2^64 - 1.
	 */
	static kxx::Result<Distribution> parse(const char *text);

	/** show - writes the distribution as parse() reads it, and a newline */
	void show(kxx::SysfsBuffer &buffer) const;

	/** at - returns the @n-th time of the sequence that @seed begins, in ns. Context: any */
	u64 at(u64 seed, u64 n) const;
};

/**
 * Latency - draws the completion time of each request from a distribution
 *
 * The same seed and the same order of requests give the same times. Context: any.
 */
class Latency {
public:
	Latency(const Distribution &distribution, u64 seed)
		: distribution_(distribution), seed_(seed)
	{
	}
	Latency(const Latency &) = delete;
	Latency &operator=(const Latency &) = delete;

	/** next - returns the time of the next request, in ns */
	u64 next() const { return distribution_.at(seed_, static_cast<u64>(drawn_.inc_return())); }

private:
	const Distribution distribution_;
	const u64 seed_;
	kxx::Atomic64 drawn_{ -1 };
};

} // namespace cxxnull
