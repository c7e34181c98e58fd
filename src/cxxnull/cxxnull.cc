// SPDX-License-Identifier: GPL-2.0
/*
 * cxxnull.cc - the module: checks the parameters, registers the driver, makes nr_devices disks
 */
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/err.hpp>
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

/* All that a loaded module owns. Destroyed in reverse: the driver after its devices. */
struct Module {
	Box<Common> common;
	Box<ModuleDriver<driver>> registered;
	Box<Disks> disks;
};

/* Set from a successful load to the unload, which the module core serialises. */
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
	KXX_TRY(correct(params));

	auto common = KXX_TRY(Box<Common>::make(GFP_KERNEL, params,
						KXX_TRY(BlockMajor::make(CXXNULL_CONFIGFS_DIR))));
	auto registered = KXX_TRY(ModuleDriver<driver>::make());
	auto disks = KXX_TRY(make_disks(*common));
	auto made = KXX_TRY(Box<Module>::make(GFP_KERNEL, std::move(common), std::move(registered),
					      std::move(disks)));

	/* Last: from here on user space can make disks, so nothing may fail after it. */
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

	/* User space may have opened a disk before another disk failed. */
	if (err)
		wait_for_disks();
	return err;
}

void cxxnull_exit(void) KXX_MAY_SLEEP
{
	/* First, so that no disk is added. */
	cxxnull::configfs_unregister();

	{
		// SAFETY: cxxnull_init() succeeded and put it there, and this is called once.
		auto dropped = Box<cxxnull::Module>::from_raw(cxxnull::module);
	}
	wait_for_disks();
}
