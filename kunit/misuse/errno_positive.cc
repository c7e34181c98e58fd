// SPDX-License-Identifier: GPL-2.0
// expect: from_errno() of what is not an error
#include <kxx/base/err.hpp>

using namespace kxx;

Result<void> check(unsigned int depth)
{
	constexpr int invalid = 22;

	if (depth)
		return {};
#ifndef MISUSE
	return Errno::from_errno(-invalid);
#else
	return Errno::from_errno(invalid);
#endif
}
