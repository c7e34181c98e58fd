// SPDX-License-Identifier: GPL-2.0
// expect: call to deleted constructor of 'FaultAttr'
#include <kxx/base/fault-inject.hpp>

using namespace kxx;

bool fails(FaultAttr &attr)
{
#ifdef MISUSE
	FaultAttr copy(attr);

	return copy.should_fail();
#else
	return attr.should_fail();
#endif
}
