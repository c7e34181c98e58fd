// SPDX-License-Identifier: GPL-2.0
#include "name.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/printk.hpp>

#include "config.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

/* What NUMA_NO_NODE looks like in a file, which has it as an unsigned int. */
constexpr unsigned int no_node = ~0u;

/* "DISK: " or nothing, for the front of a line. */
struct Whose {
	const char *disk;

	const char *name() const { return disk ? disk : ""; }
	const char *separator() const { return disk ? ": " : ""; }
};

} // namespace

Result<void> Limits::check(const char *disk, const char *name, long long value) const
{
	Whose whose{ disk };
	bool in_range = value >= min && value <= max;

	switch (rule) {
	case Rule::RANGE:
		if (in_range)
			return {};
		pr_err("%s%s%s=%lld: must be a number from %lld to %lld\n", whose.name(),
		       whose.separator(), name, value, min, max);
		return EINVAL;
	case Rule::POWER_OF_TWO:
		if (in_range && !(value & (value - 1)))
			return {};
		pr_err("%s%s%s=%lld: must be a power of two from %lld to %lld\n", whose.name(),
		       whose.separator(), name, value, min, max);
		return EINVAL;
	case Rule::ZERO_OR:
		if (in_range || !value)
			return {};
		pr_err("%s%s%s=%lld: must be 0, or a number from %lld to %lld\n", whose.name(),
		       whose.separator(), name, value, min, max);
		return EINVAL;
	case Rule::NODE:
		return {};
	case Rule::MULTIQUEUE:
		if (in_range)
			return {};
		pr_err("%s%s%s=%lld: must be 2, for multiqueue: the bio and the legacy I/O path "
		       "are no longer there\n",
		       whose.name(), whose.separator(), name, value);
		return EINVAL;
	}
	return EINVAL;
}

/* An unsigned value above LLONG_MAX turns negative, below any min. */
Result<void> validate(const cxxnull_params &params)
{
#define CXXNULL_PARAM(name, type, default, rule, min, max, unit, text)                             \
	KXX_TRY((Limits{ Rule::rule, min, static_cast<long long>(max) }.check(                     \
		nullptr, #name, static_cast<long long>(params.name))));
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text)  \
	KXX_TRY((Limits{ Rule::rule, min, static_cast<long long>(max) }.check(                     \
		nullptr, #param, static_cast<long long>(params.param))));
#include "attributes.def"
	return {};
}

Config Config::from(const cxxnull_params &params)
{
	Config config;

#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text)  \
	config.name = static_cast<cxxnull_##type>(params.param);
#include "attributes.def"
	config.size = static_cast<unsigned long>(params.gb) << 10;
	return config;
}

void Config::complete(const char *disk)
{
	if (use_per_node_hctx)
		submit_queues = nr_online_nodes();
	if (home_node != no_node && !node_online(home_node)) {
		pr_info("%s: home_node=%u is not online: changed to -1, any node\n", disk,
			home_node);
		home_node = no_node;
	}
	/* As null_blk's reads then, whose store sleeps. */
	if (memory_backed && !blocking)
		blocking = unasked_blocking = true;
	if (discard && !memory_backed) {
		pr_info("%s: discard is ignored without memory_backed\n", disk);
		discard = false;
	} else if (discard && zoned) {
		pr_info("%s: discard is ignored with zoned\n", disk);
		discard = false;
	}
	if (cache_size && !memory_backed) {
		pr_info("%s: cache_size is ignored without memory_backed\n", disk);
		cache_size = 0;
	}
}

} // namespace cxxnull
