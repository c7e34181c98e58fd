// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

void hold(RequestQueue queue) KXX_MAY_SLEEP
{
#ifdef MISUSE
	queue.freeze();
#else
	auto frozen = queue.freeze();
#endif
}
