// SPDX-License-Identifier: GPL-2.0
/*
 * cxxnull.cc - the module: checks the parameters, makes the disks, takes them away
 */
#define pr_fmt(fmt) "cxxnull: " fmt

#include <kxx/cpumask.hpp>
#include <kxx/err.hpp>
#include <kxx/printk.hpp>
#include <kxx/xarray.hpp>

#include "disk.hpp"
#include "params.h"

using namespace kxx;

namespace cxxnull {

namespace {

using Disks = XArray<Box<GenDisk<Disk>>>;

/* From a load that succeeded to the unload; the module core orders the two. */
constinit Disks *disks;

enum class Rule { RANGE, POWER_OF_TWO };

template <typename T>
Result<void> validate(const char *name, T value, Rule rule, long long min, long long max)
{
	/* An unsigned value above LLONG_MAX turns negative, below any min. */
	long long v = static_cast<long long>(value);

	if (v >= min && v <= max && (rule == Rule::RANGE || !(v & (v - 1))))
		return {};
	pr_err("%s=%lld: must be %s from %lld to %lld\n", name, v,
	       rule == Rule::RANGE ? "a number" : "a power of two", min, max);
	return EINVAL;
}

Result<void> validate(const cxxnull_params &params)
{
#define CXXNULL_PARAM(name, type, default, rule, min, max, description)                            \
	KXX_TRY(validate(#name, params.name, Rule::rule, min, max));
#include "params.def"
#undef CXXNULL_PARAM
	return {};
}

Result<void> add_disk(Disks &to, unsigned int index, const cxxnull_params &params) KXX_MAY_SLEEP
{
	return to.insert(index, KXX_TRY(Disk::add(index, params)), GFP_KERNEL);
}

Result<Box<Disks>> make_disks(const cxxnull_params &params) KXX_MAY_SLEEP
{
	auto made = KXX_TRY(Box<Disks>::make(GFP_KERNEL));

	for (unsigned int i = 0; i < params.nr_devices; i++) {
		auto added = add_disk(*made, i, params);

		if (!added) {
			pr_err("cannot make disk %u of nr_devices=%u: error %d\n", i,
			       params.nr_devices, added.to_errno());
			return added.error();
		}
	}
	return made;
}

Result<void> init(const cxxnull_params &params) KXX_MAY_SLEEP
{
	KXX_TRY(validate(params));
	disks = KXX_TRY(make_disks(params)).into_raw();
	return {};
}

} // namespace

} // namespace cxxnull

int cxxnull_init(const struct cxxnull_params *params) KXX_MAY_SLEEP
{
	return cxxnull::init(*params).to_errno();
}

void cxxnull_exit(void)
{
	// SAFETY: cxxnull_init() succeeded and put it there, and this is called once.
	auto dropped = Box<cxxnull::Disks>::from_raw(cxxnull::disks);
}
