// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'mapped' returned
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

#ifndef MISUSE
unsigned char first_byte(Segment &segment)
{
	auto mapped = segment.kmap_local();

	return *mapped.data();
}
#else
unsigned char *bytes(Segment &segment)
{
	auto mapped = segment.kmap_local();

	return mapped.data();
}
#endif
