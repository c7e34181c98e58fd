// SPDX-License-Identifier: GPL-2.0
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/printk.hpp>

#include "debug_features.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

Result<void> setup(FaultAttr &attr, const char *name, const char *text)
{
	if (!*text)
		return {};

	auto done = attr.setup(text);

	if (!done)
		pr_err("%s=%s: must be <interval>,<probability>,<space>,<times>\n", name, text);
	return done;
}

} // namespace

Result<Box<DebugFeatures>> DebugFeatures::make(const cxxnull_params &params)
{
	auto made = KXX_TRY(Box<DebugFeatures>::make(GFP_KERNEL, KXX_TRY(BadBlocks::make())));

#define CXXNULL_FAULT(name, group, text) KXX_TRY(setup(made->name, #name, params.name));
#include "attributes.def"
	return made;
}

} // namespace cxxnull
