/* SPDX-License-Identifier: GPL-2.0 */
/*
 * devres.hpp - objects that are dropped when a device is unbound
 * Wraps the devm_ functions of <linux/device.h>, which are in <linux/device/devres.h> in newer
 * kernels. Glue: glue/device/device.h
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/device/device.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/device/device.h>

namespace kxx {

/**
 * devm_add_action_or_reset - devm_add_action_or_reset(): drops @owner when @dev is unbound
 * @Owner: a type with into_raw() and from_raw(), such as Box
 *
 * Use it in probe() to release more than the object that probe() returns. The owners
 * are dropped in the reverse of the order in which they were added, after remove() and the
 * driver's object, or if probe() fails. Returns a borrowed pointer to the object. If it fails with
 * -ENOMEM, @owner was dropped. Context: process, may sleep; only in probe().
 *
 *     Ring *ring = KXX_TRY(devm_add_action_or_reset(
 *             pdev.dev(), KXX_TRY(Box<Ring>::make(GFP_KERNEL))));
 */
template <typename Owner>
Result<decltype(std::declval<Owner>().into_raw())>
devm_add_action_or_reset(Device &dev, Owner owner) KXX_MAY_SLEEP
{
	using Raw = decltype(std::declval<Owner>().into_raw());

	Raw raw = std::move(owner).into_raw();
	auto drop = [](void *data) {
		[[maybe_unused]] auto dropped = Owner::from_raw(static_cast<Raw>(data));
	};

	// SAFETY: devres calls the action exactly once, on failure too; no other code takes @raw.
	KXX_TRY(Result<void>::from_errno(kxx_devm_add_action_or_reset(dev.raw(), drop, raw)));
	return raw;
}

} // namespace kxx
