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
 * Owned by whoever makes the disk; outlives the disk. A request that a feature fails is not
 * handled. Pinned. Context: as each member's.
 */
struct DebugFeatures {
	/**
	 * make - with the fault injection of the parameters
	 *
	 * -ENOMEM; -EINVAL, and a line in the log, for one that sets up none. Context: process, may
	 * sleep.
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
	/* timeout, requeue and init_hctx: null_blk's fault injection, on a kernel that has that. */
#define CXXNULL_FAULT(name, group, text) kxx::FaultAttr name;
#include "attributes.def"
	/* Number of injected requeues: alternately given back to blk-mq and requeued. */
	kxx::Atomic64 requeued{ 0 };
};

} // namespace cxxnull
