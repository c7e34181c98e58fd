/* SPDX-License-Identifier: GPL-2.0 */
/*
 * devres.hpp - owners that are dropped when a device is unbound
 * Wraps the devm_ functions of <linux/device.h>, which newer kernels have in
 * <linux/device/devres.h>. Glue: glue/device/device.h
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
 * devm_add_action_or_reset - gives @owner to @dev; the action is to drop it
 * @Owner: a type with into_raw() and from_raw(), as Box has
 *
 * For a probe() whose driver has more to give back than its data holds. What was
 * given last goes first; all of it after remove() and the driver's data, or when
 * probe() fails. The object, borrowed; -ENOMEM, and then @owner was dropped.
 * Context: process, may sleep; within probe().
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

	// SAFETY: devres calls the action once, be it now, and nobody else takes @raw back.
	KXX_TRY(Result<void>::from_errno(kxx_devm_add_action_or_reset(dev.raw(), drop, raw)));
	return raw;
}

} // namespace kxx
