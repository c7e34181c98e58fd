// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value
#include <kxx/base/fault-inject.hpp>

using namespace kxx;

Result<void> set_up(FaultAttr &attr)
{
#ifdef MISUSE
	attr.setup("1,100,0,-1");
	return {};
#else
	return attr.setup("1,100,0,-1");
#endif
}
