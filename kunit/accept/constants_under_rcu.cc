// SPDX-License-Identifier: GPL-2.0
/* Readers under RCU follow a pointer to a constant. A const function changes it, under a mutex. */
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/rcupdate.hpp>

using namespace kxx;

struct Limits {
	unsigned int depth;
};

constexpr Limits rotating{ 32 }, solid{ 1024 };

class Disk {
public:
	unsigned int depth() const
	{
		auto rcu = rcu::read_lock();
		const Limits *limits = limits_.dereference(rcu);

		return limits ? limits->depth : 0;
	}
	void set_rotational(bool rotates) const KXX_MAY_SLEEP
	{
		auto writer = writers_.lock();

		limits_.assign(rotates ? &rotating : &solid);
	}

private:
	struct Writers {};

	Mutex<Writers> writers_;
	rcu::Pointer<const Limits> limits_;
};
