// SPDX-License-Identifier: GPL-2.0
// expect: method 'value' on a temporary object while it is in the 'unknown' state
#include <kxx/base/err.hpp>

using namespace kxx;

Result<unsigned int> sectors();

unsigned int bytes()
{
	auto n = sectors();

#ifndef MISUSE
	if (!n)
		return 0;
#endif
	return std::move(n).value() * 512;
}
