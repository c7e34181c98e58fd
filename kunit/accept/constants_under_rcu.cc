// SPDX-License-Identifier: GPL-2.0
/* Readers under RCU follow a pointer to a constant. */
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
	/* The caller excludes other writers. */
	void set_rotational(bool rotates) { limits_.assign(rotates ? &rotating : &solid); }

private:
	rcu::Pointer<const Limits> limits_;
};
