/* SPDX-License-Identifier: GPL-2.0 */
/*
 * jiffies.hpp - converts to jiffies, the unit of the kernel's timeouts
 * Wraps <linux/jiffies.h>. Glue: glue/sync/wait.h
 */
#pragma once

#include <kxx/glue/sync/wait.h>

namespace kxx {

/** msecs_to_jiffies - Returns @msecs milliseconds in jiffies, rounded up. Context: any */
inline unsigned long msecs_to_jiffies(unsigned int msecs)
{
	return kxx_msecs_to_jiffies(msecs);
}

} // namespace kxx
