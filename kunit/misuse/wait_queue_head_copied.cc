// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::WaitQueueHead<Tag>::WaitQueueHead(const kxx::WaitQueueHead<Tag>&)
// compiler: g++
#include <kxx/sync/wait.hpp>

using namespace kxx;

void wake(WaitQueueHead<> &waiters)
{
#ifndef MISUSE
	auto &same = waiters;
#else
	auto same = waiters;
#endif

	same.wake_up();
}
