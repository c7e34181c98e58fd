// SPDX-License-Identifier: GPL-2.0
// expect: from_errno() of what is not an error
#include <kxx/base/err.hpp>

using namespace kxx;

Result<void> check(unsigned int depth)
{
	constexpr int invalid = 22;

#ifndef MISUSE
	return Result<void>::from_errno(depth ? 0 : -invalid);
#else
	static_cast<void>(depth);
	return Result<void>::from_errno(invalid);
#endif
}
