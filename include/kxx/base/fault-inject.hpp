/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault-inject.hpp - what fails on purpose, so often and so likely
 * Wraps <linux/fault-inject.h>. Glue: glue/base/fault-inject.h
 *
 * A kernel without CONFIG_FAULT_INJECTION has none of it: what asks is under
 * "if constexpr (fault_injection)", and is not there either.
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

/** fault_injection - true if the kernel has CONFIG_FAULT_INJECTION */
inline constexpr bool fault_injection = KXX_CONFIG_FAULT_INJECTION;

/**
 * FaultAttr - struct fault_attr: one kind of fault, and when it happens
 *
 * No fault happens until setup() or a write to a file of its configfs group enables it. Pinned.
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
	 * setup - setup_fault_attr(): "interval,probability,space,times"
	 *
	 * See Documentation/fault-injection/fault-injection.rst. A fault is not in the log from
	 * here on. -EINVAL for anything else, and on a kernel without fault injection.
	 * Context: process.
	 */
	Result<void> setup(const char *text)
	{
		return Result<void>::from_errno(kxx_fault_setup(fault_.get(), text));
	}

	/** should_fail - whether it is to happen now; false without fault injection. Context: any */
	bool should_fail() const { return kxx_should_fail(fault_.get()); }

	/**
	 * add_default_group - fault_config_init(): the folder @name in @group, with a file per number
	 *
	 * From ConfigfsGroup's add_default_groups(), and put_default_group() for each.
	 * Nothing on a kernel without CONFIG_FAULT_INJECTION_CONFIGFS. Context: process.
	 */
	template <typename T>
	void add_default_group(ConfigfsGroup<T> &group, const char *name) KXX_MAY_SLEEP
	{
		kxx_fault_add_group(fault_.get(), name, group.raw());
	}
	/** put_default_group - from put_default_groups() */
	void put_default_group() KXX_MAY_SLEEP { kxx_fault_put_group(fault_.get()); }

private:
	mutable Opaque<kxx_fault> fault_;
};

} // namespace kxx
