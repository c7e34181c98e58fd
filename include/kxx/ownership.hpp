/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ownership.hpp - the two ways to hold what the kernel counts or wants back
 *
 * The header of each such type says how: Owned<Request> is in blk-mq.hpp,
 * ARef<Device> in device/device.hpp. Glue: none
 */
#pragma once

namespace kxx {

/** Owned - owns a T that must be given back to where it came from */
template <typename T> class Owned;

/** ARef - shares a T, by count, with other ARef */
template <typename T> class ARef;

} // namespace kxx
