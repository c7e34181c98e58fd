// SPDX-License-Identifier: GPL-2.0
/* with_locked() returns copies of the data, and owners of what was removed from it. */
#include <array>
#include <optional>
#include <utility>

#include <kxx/mm/slab.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads = 0;
	unsigned long writes = 0;
	const char *name = nullptr;
};

unsigned long all(const SpinLockIrq<Stats> &stats)
{
	Stats copy = stats.with_locked([](Stats &s) { return s; });

	return copy.reads + copy.writes;
}

const char *name(const SpinLockIrq<Stats> &stats)
{
	return stats.with_locked([](Stats &s) { return s.name; });
}

unsigned long sum(const SpinLockIrq<Stats> &stats)
{
	auto [reads, writes] =
		stats.with_locked([](Stats &s) { return std::array{ s.reads, s.writes }; });

	return reads + writes;
}

std::pair<unsigned long, bool> reads(const SpinLockIrq<Stats> &stats)
{
	return stats.with_locked([](Stats &s) { return std::pair(s.reads, s.writes != 0); });
}

int next(const SpinLock<int> &number)
{
	return number.with_locked([](int &n) { return n++; });
}

bool empty(const SpinLock<int> &number)
{
	return number.with_locked([](int &n) { return !n; });
}

std::optional<Box<Stats>> take(const SpinLock<std::optional<Box<Stats>>> &spare)
{
	return spare.with_locked([](auto &box) { return std::exchange(box, std::nullopt); });
}

Result<drm::FreeNode<>> remove(const SpinLock<drm::OwningMm<>> &space)
{
	return space.with_locked(
		[](drm::OwningMm<> &mm) { return mm.remove_node(*mm.interval_first(0, 9)); });
}
