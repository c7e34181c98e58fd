/* SPDX-License-Identifier: GPL-2.0 */
/*
 * latency.hpp - how long requests take, with irqmode=2: always the same, or at random
 */
#pragma once

#include <kxx/sync/atomic.hpp>
#include <kxx/base/err.hpp>
#include <kxx/fs/sysfs.hpp>

namespace cxxnull {

/**
 * LatencyKind - what a distribution looks like, and what its numbers are
 * @CONSTANT: completion_nsec, and no numbers
 * @UNIFORM: all from @first to @second ns, each as likely
 * @NORMAL: mean @first ns, standard deviation @second ns; at least 0, and no more than
 *          6 deviations from the mean
 * @BIMODAL: @first ns, but @second ns for @permille of 1000
 */
enum class LatencyKind : unsigned int { CONSTANT, UNIFORM, NORMAL, BIMODAL };

/** Distribution - of how long requests take; plain data */
struct Distribution {
	/** max_nsec - as completion_nsec's: an hour */
	static constexpr u64 max_nsec = 3600000000000ull;

	LatencyKind kind = LatencyKind::CONSTANT;
	u64 first = 0, second = 0;
	unsigned int permille = 0;

	/**
	 * parse - "constant", "uniform MIN MAX", "normal MEAN DEVIATION" or
	 *         "bimodal FAST SLOW PERMILLE"
	 *
	 * -EINVAL, also for numbers that are out of range; -ERANGE for those that no u64 holds.
	 */
	static kxx::Result<Distribution> parse(const char *text);

	/** show - what parse() reads, and a newline */
	void show(kxx::SysfsBuffer &buffer) const;

	/** at - the @n-th of the sequence that @seed begins, in ns. Context: any */
	u64 at(u64 seed, u64 n) const;
};

/**
 * Latency - draws from a distribution, for one request after the other
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

	/** next - of the next request, in ns */
	u64 next() const { return distribution_.at(seed_, static_cast<u64>(drawn_.inc_return())); }

private:
	const Distribution distribution_;
	const u64 seed_;
	kxx::Atomic64 drawn_{ -1 };
};

} // namespace cxxnull
