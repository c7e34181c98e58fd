// SPDX-License-Identifier: GPL-2.0
// expect: overload resolution selected deleted operator '&'
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Queue {
	unsigned int length = 0;
};

class Ring {
public:
	void add()
	{
		auto guard = queue_.lock();

		guard->length++;
#ifdef MISUSE
		held_ = &guard;
#endif
	}

private:
	SpinLock<Queue> queue_;
#ifdef MISUSE
	SpinLock<Queue>::Guard *held_ = nullptr;
#endif
};

void use(Ring &ring)
{
	ring.add();
}
