// SPDX-License-Identifier: GPL-2.0
/*
 * cxxnull.cc - module init: checks the parameters, registers the driver, creates nr_devices disks
 */
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/err.hpp>
#include <kxx/base/module.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/base/sprintf.hpp>
#include <kxx/base/xarray.hpp>

#include "config.hpp"
#include "nullb_device.hpp"

using namespace kxx;

namespace cxxnull {

MODULE_DEVICE_TABLE(platform, ids);

namespace {

using Disks = XArray<Box<NullbDevice>>;

/* State of a loaded module. Destroyed in reverse order: the driver after its devices. */
struct Module {
	Box<Common> common;
	Box<ModuleDriver<driver>> registered;
	Box<Disks> disks;
};

/* Set by a successful cxxnull_init(). The module loader never runs init and exit at once. */
constinit Module *module;

Result<void> add_disk(Disks &to, unsigned int index, Common &common) KXX_MAY_SLEEP
{
	const cxxnull_params &params = common.params;
	char name[KXX_DISK_NAME_LEN];

	scnprintf(name, sizeof(name), CXXNULL_DISK "%u", index);

	auto made = KXX_TRY(Box<NullbDevice>::make(GFP_KERNEL, common, name,
						   common.pool_bytes(params.nr_devices),
						   KXX_TRY(DebugFeatures::make(params))));

	if (params.stats)
		made->enable_stats();
	KXX_TRY(made->power_on(index));
	return to.insert(index, std::move(made), GFP_KERNEL);
}

Result<Box<Disks>> make_disks(Common &common) KXX_MAY_SLEEP
{
	auto made = KXX_TRY(Box<Disks>::make(GFP_KERNEL));
	unsigned int nr_devices = common.params.nr_devices;

	for (unsigned int i = 0; i < nr_devices; i++) {
		auto added = add_disk(*made, i, common);

		if (!added) {
			pr_err("cannot make disk %u of nr_devices=%u: error %d\n", i, nr_devices,
			       added.to_errno());
			return added.error();
		}
	}
	return made;
}

Result<void> init(cxxnull_params &params) KXX_MAY_SLEEP
{
	KXX_TRY(validate_params(params));

	auto common = KXX_TRY(Box<Common>::make(GFP_KERNEL, params,
						KXX_TRY(BlockMajor::make(CXXNULL_CONFIGFS_DIR))));
	auto registered = KXX_TRY(ModuleDriver<driver>::make());
	auto disks = KXX_TRY(make_disks(*common));
	auto made = KXX_TRY(Box<Module>::make(GFP_KERNEL, std::move(common), std::move(registered),
					      std::move(disks)));

	/* Register last: user space can create disks from here on, so no later step may fail. */
	KXX_TRY(configfs_register(*made->common));
	module = std::move(made).into_raw();
	pr_info("module loaded\n");
	return {};
}

} // namespace

} // namespace cxxnull

int cxxnull_init(struct cxxnull_params *params) KXX_MAY_SLEEP
{
	int err = cxxnull::init(*params).to_errno();

	/* The kernel frees a module whose init failed, even if user space still has a file open. */
	if (err)
		wait_for_module_users();
	return err;
}

void cxxnull_exit(void) KXX_MAY_SLEEP
{
	/* Unregister configfs first, so that user space adds no more disks. */
	cxxnull::configfs_unregister();

	{
		// SAFETY: a successful cxxnull_init() released the Box; module exit runs once.
		auto dropped = Box<cxxnull::Module>::from_raw(cxxnull::module);
	}
	wait_for_disks();
}
