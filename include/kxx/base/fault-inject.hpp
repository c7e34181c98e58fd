/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault-inject.hpp - faults that the kernel's fault injection asks a driver for
 * Wraps <linux/fault-inject.h>. Glue: glue/base/fault-inject.h
 *
 * Put calls of should_fail() under "if constexpr (fault_injection)": then a kernel without
 * CONFIG_FAULT_INJECTION contains no code for them.
 */
#pragma once

#include <kxx/base/annotations.hpp>
#include <kxx/fs/configfs.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/base/fault-inject.h>
#include <kxx/base/layout.hpp>

KXX_LAYOUT(kxx_fault);

namespace kxx {

/** fault_injection - True if the kernel has CONFIG_FAULT_INJECTION */
inline constexpr bool fault_injection = KXX_CONFIG_FAULT_INJECTION;

/**
 * FaultAttr - struct fault_attr: one kind of fault, with its interval and probability
 *
 * No fault happens until setup() or a write to a file of its configfs group enables it.
 * Cannot be moved.
 *
 *     FaultAttr timeout;
 *     KXX_TRY(timeout.setup("1,10,0,-1"));            // one request in ten
 *     if constexpr (fault_injection)
 *             if (timeout.should_fail())
 *                     return rq.abandon();
 */
class FaultAttr {
public:
	FaultAttr() { kxx_fault_init(fault_.get()); }
	FaultAttr(const FaultAttr &) = delete;
	FaultAttr &operator=(const FaultAttr &) = delete;

	/**
	 * setup - setup_fault_attr(): parses "interval,probability,space,times"
	 *
	 * See Documentation/fault-injection/fault-injection.rst. Also sets verbose to 0, so that
	 * faults are not logged. Fails with -EINVAL for any other text, and on a kernel without
	 * CONFIG_FAULT_INJECTION. Context: process.
	 */
	Result<void> setup(const char *text)
	{
		return Result<void>::from_errno(kxx_fault_setup(fault_.get(), text));
	}

	/** should_fail - should_fail(): true if a fault must happen now. Context: any */
	bool should_fail() const { return kxx_should_fail(fault_.get()); }

	/**
	 * add_default_group - fault_config_init(): adds a configfs group @name to @group
	 *
	 * The new group has one file for each number of the fault_attr. Call this from
	 * ConfigfsGroup's add_default_groups(), and call put_default_group() once for each call.
	 * Does nothing on a kernel without CONFIG_FAULT_INJECTION_CONFIGFS. Context: process.
	 */
	template <typename T>
	void add_default_group(ConfigfsGroup<T> &group, const char *name) KXX_MAY_SLEEP
	{
		kxx_fault_add_group(fault_.get(), name, group.raw());
	}
	/** put_default_group - Drops the configfs group; call it from put_default_groups() */
	void put_default_group() KXX_MAY_SLEEP { kxx_fault_put_group(fault_.get()); }

private:
	mutable Opaque<kxx_fault> fault_;
};

} // namespace kxx
