// SPDX-License-Identifier: GPL-2.0
/*
 * cxxnull.cc - the module: checks the parameters, registers the driver, powers the disks on
 */
#define pr_fmt(fmt) "cxxnull: " fmt

#include <kxx/cpumask.hpp>
#include <kxx/err.hpp>
#include <kxx/printk.hpp>
#include <kxx/xarray.hpp>

#include "driver.hpp"
#include "params.h"

using namespace kxx;

namespace cxxnull {

MODULE_DEVICE_TABLE(platform, ids);

namespace {

using Disks = XArray<Box<PoweredDisk>>;

/* What a loaded module has: a driver, and the devices that it is for. */
class Module {
public:
	/** make - with all disks that @params asks for, or none */
	static Result<Box<Module>> make(const cxxnull_params &params) KXX_MAY_SLEEP;

private:
	friend Box<Module>;

	Module(Box<ModuleDriver<driver>> registered, Box<Disks> disks)
		: driver_(std::move(registered)), disks_(std::move(disks))
	{
	}

	/* The disks go first, while there is a driver to unbind from them. */
	Box<ModuleDriver<driver>> driver_;
	Box<Disks> disks_;
};

/* From a load that succeeded to the unload; the module core orders the two. */
constinit Module *module;

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
	return to.insert(index, KXX_TRY(PoweredDisk::power_on(index, params)), GFP_KERNEL);
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

Result<Box<Module>> Module::make(const cxxnull_params &params)
{
	auto registered = KXX_TRY(ModuleDriver<driver>::make());
	auto disks = KXX_TRY(make_disks(params));

	return Box<Module>::make(GFP_KERNEL, std::move(registered), std::move(disks));
}

Result<void> init(const cxxnull_params &params) KXX_MAY_SLEEP
{
	KXX_TRY(validate(params));
	module = KXX_TRY(Module::make(params)).into_raw();
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
	auto dropped = Box<cxxnull::Module>::from_raw(cxxnull::module);
}
