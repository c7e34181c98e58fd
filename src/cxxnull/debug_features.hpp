/* SPDX-License-Identifier: GPL-2.0 */
/*
 * debug_features.hpp - bad blocks, fault plan, statistics and fault injection of a disk
 */
#pragma once

#include <utility>

#include <kxx/sync/atomic.hpp>
#include <kxx/block/badblocks.hpp>
#include <kxx/base/err.hpp>
#include <kxx/base/fault-inject.hpp>
#include <kxx/mm/slab.hpp>

#include "fault_plan.hpp"
#include "params.h"
#include "stats.hpp"
#include "debug_key.h"

namespace cxxnull {

/**
 * DebugFeatures - the debug features of one disk
 *
 * Must outlive the disk. A request that the fault plan or fault injection fails transfers no
 * data. Pinned. Context: see each member.
 */
struct DebugFeatures {
	/**
	 * make - creates the features, with fault injection set up from the module's parameters
	 *
	 * Returns -ENOMEM; -EINVAL, and logs the parameter, if setup_fault_attr() refuses one.
	 * Context: process, may sleep.
	 */
	static kxx::Result<kxx::Box<DebugFeatures>>
	make(const cxxnull_params &params) KXX_MAY_SLEEP;

	explicit DebugFeatures(kxx::Box<kxx::BadBlocks> badblocks) : badblocks(std::move(badblocks))
	{
	}
	DebugFeatures(const DebugFeatures &) = delete;
	DebugFeatures &operator=(const DebugFeatures &) = delete;

	kxx::Box<kxx::BadBlocks> badblocks;
	FaultPlan plan;
	Stats stats;
	/* null_blk's fault injection. Without CONFIG_FAULT_INJECTION no fault ever happens. */
#define CXXNULL_FAULT(name, group, text) kxx::FaultAttr name;
#include "attributes.def"
	/* Number of injected requeues: odd ones return BLK_STS_RESOURCE, even ones requeue @rq. */
	kxx::Atomic64 requeued{ 0 };
};

} // namespace cxxnull
