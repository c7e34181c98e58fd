// SPDX-License-Identifier: GPL-2.0
// expect: call to deleted constructor of 'QuiescedQueue'
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

void hold(RequestQueue queue) KXX_MAY_SLEEP
{
	auto quiesced = queue.quiesce();
#ifdef MISUSE
	auto more = quiesced;
#else
	auto more = queue.quiesce();
#endif
}
