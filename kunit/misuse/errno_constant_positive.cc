// SPDX-License-Identifier: GPL-2.0
// expect: call to non-'constexpr' function 'static int kxx::Errno::not_an_error(
// compiler: g++
#include <kxx/base/err.hpp>

#ifndef MISUSE
constexpr auto ESTALE = kxx::Errno::from_errno(-116);
#else
constexpr auto ESTALE = kxx::Errno::from_errno(116);
#endif

kxx::Result<void> find()
{
	return ESTALE;
}
