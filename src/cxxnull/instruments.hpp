/* SPDX-License-Identifier: GPL-2.0 */
/*
 * instruments.hpp - what is done to a disk's requests besides serving them
 */
#pragma once

#include <kxx/atomic.hpp>
#include <kxx/badblocks.hpp>
#include <kxx/configfs.hpp>
#include <kxx/err.hpp>
#include <kxx/fault-inject.hpp>

#include "fault_plan.hpp"
#include "params.h"
#include "stats.hpp"
#include "watched.h"

namespace cxxnull {

/**
 * InjectedFaults - null_blk's fault injection, on a kernel that has that
 *
 * Pinned. Context: as FaultAttr's.
 */
struct InjectedFaults {
	InjectedFaults() = default;
	InjectedFaults(const InjectedFaults &) = delete;
	InjectedFaults &operator=(const InjectedFaults &) = delete;

	/** setup - as the parameters say; -EINVAL, and a line in the log */
	kxx::Result<void> setup(const cxxnull_params &params);

	template <typename T> void add_default_groups(kxx::ConfigfsGroup<T> &group) KXX_MAY_SLEEP
	{
#define CXXNULL_FAULT(name, folder, text) name.add_default_group(group, #folder);
#include "attributes.def"
	}
	void put_default_groups() KXX_MAY_SLEEP
	{
#define CXXNULL_FAULT(name, folder, text) name.put_default_group();
#include "attributes.def"
	}

#define CXXNULL_FAULT(name, folder, text) kxx::FaultAttr name;
#include "attributes.def"

	/* How often a request was sent again: by turns by us and by blk-mq. */
	kxx::Atomic requeued{ 0 };
};

/**
 * Instruments - of one disk; belong to who makes the disk, and outlive it
 *
 * A request that fails here is not served. Pinned. Context: as each of them.
 */
struct Instruments {
	Instruments() = default;
	Instruments(const Instruments &) = delete;
	Instruments &operator=(const Instruments &) = delete;

	/** init - before anything else; -ENOMEM, and as InjectedFaults::setup() */
	kxx::Result<void> init(const cxxnull_params &params) KXX_MAY_SLEEP
	{
		KXX_TRY(faults.setup(params));
		return badblocks.init();
	}

	kxx::BadBlocks badblocks;
	FaultPlan plan;
	Stats stats;
	InjectedFaults faults;
};

} // namespace cxxnull
