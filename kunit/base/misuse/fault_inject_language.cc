// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/base/fault-inject.hpp>

using namespace kxx;

namespace fault_attr_copied {
bool fails(FaultAttr &attr)
{
#ifdef MISUSE
	FaultAttr copy(attr); // expected-error {{call to deleted constructor of 'FaultAttr'}}

	return copy.should_fail();
#else
	return attr.should_fail();
#endif
}
} // namespace fault_attr_copied

namespace fault_attr_setup_ignored {
Result<void> set_up(FaultAttr &attr)
{
#ifdef MISUSE
	attr.setup("1,100,0,-1"); // expected-warning {{ignoring return value}}
	return {};
#else
	return attr.setup("1,100,0,-1");
#endif
}
} // namespace fault_attr_setup_ignored
