// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::Result<void>'
// compiler: g++
#include <kxx/base/err.hpp>

using namespace kxx;

Result<void> flush();

Result<void> sync()
{
#ifndef MISUSE
	KXX_TRY(flush());
#else
	flush();
#endif
	return {};
}
