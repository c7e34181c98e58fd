// SPDX-License-Identifier: GPL-2.0
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/printk.hpp>

#include "throttle.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

constexpr u64 ns_per_tick = 1000000000 / Throttle::ticks_per_second;

s64 bytes_per_tick(unsigned int mbps)
{
	s64 limit = mbps < Throttle::max_mbps ? mbps : Throttle::max_mbps;

	return (limit << 20) / Throttle::ticks_per_second;
}

} // namespace

Result<Box<Throttle>> Throttle::make(unsigned int mbps)
{
	if (!mbps) {
		pr_err("mbps=0: must be from 1 to %u; a disk without a limit has no Throttle\n",
		       max_mbps);
		return EINVAL;
	}
	return Box<Throttle>::make(GFP_KERNEL, mbps);
}

Throttle::Throttle(unsigned int mbps)
	: bytes_per_tick_(bytes_per_tick(mbps)), budget_(bytes_per_tick_)
{
}

void Throttle::start_timer()
{
	timer_.start(Tick{ this }, ns_per_tick);
}

void Throttle::timer_expired(Tick tick)
{
	tick.throttle->refill();
}

void Throttle::refill()
{
	auto budget = budget_.lock();

	/* Nothing was used for a tick: the budget is full. */
	if (budget->bytes >= bytes_per_tick_) {
		budget->timer_runs = false;
		return;
	}
	budget->bytes += bytes_per_tick_;
	if (budget->bytes > bytes_per_tick_)
		budget->bytes = bytes_per_tick_;
	start_timer();
	if (budget->bytes > 0)
		budget->stopped.reset();
}

} // namespace cxxnull
