// SPDX-License-Identifier: GPL-2.0
#include "throttle.hpp"

using namespace kxx;

namespace cxxnull {

Result<Box<Throttle>> Throttle::make(unsigned int mbps)
{
	/* A disk without a limit has no Throttle. */
	if (!mbps)
		return EINVAL;
	return Box<Throttle>::make(GFP_KERNEL, mbps);
}

Throttle::Throttle(unsigned int mbps)
	: bytes_per_tick_((s64{ mbps } << 20) / ticks_per_second), budget_(bytes_per_tick_)
{
}

void Throttle::refill()
{
	auto budget = budget_.lock();

	/* Stop the timer: the budget is full, so no request has used it for a tick. */
	if (budget->bytes >= bytes_per_tick_) {
		budget->timer_runs = false;
		return;
	}
	budget->bytes += bytes_per_tick_;
	if (budget->bytes > bytes_per_tick_)
		budget->bytes = bytes_per_tick_;
	timer_.restart(Tick{ this }, ns_per_tick);
	if (budget->bytes > 0)
		budget->stopped.reset();
}

} // namespace cxxnull
