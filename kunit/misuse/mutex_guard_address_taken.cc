// SPDX-License-Identifier: GPL-2.0
// expect: overload resolution selected deleted operator '&'
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Queue {
	unsigned int length = 0;
};

class Ring {
public:
	void add() KXX_MAY_SLEEP
	{
		auto guard = queue_.lock();

		guard->length++;
#ifdef MISUSE
		held_ = &guard;
#endif
	}

private:
	Mutex<Queue> queue_;
#ifdef MISUSE
	Mutex<Queue>::Guard *held_ = nullptr;
#endif
};

void use(Ring &ring) KXX_MAY_SLEEP
{
	ring.add();
}
