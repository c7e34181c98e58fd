/* SPDX-License-Identifier: GPL-2.0 */
/* shared_mm.hpp - helpers for the suites of <kxx/mm/shared_mm.hpp> */
#pragma once

#include <kxx/mm/shared_mm.hpp>

#include "drm_mm.hpp"
#include "../sync/locks.hpp"

namespace sharing {

using namespace kxx;

/* An atomic counter. Context: any */
class Tally {
public:
	void add(int n) { __atomic_fetch_add(&value_, n, __ATOMIC_RELAXED); }
	int get() const { return __atomic_load_n(&value_, __ATOMIC_RELAXED); }

private:
	int value_ = 0;
};

/* Counts the living objects, and those destroyed while interrupts or softirqs were off. */
struct Payload {
	explicit Payload(int value = 0) : value(value) { alive.add(1); }
	Payload(const Payload &) = delete;
	Payload &operator=(const Payload &) = delete;
	~Payload()
	{
		alive.add(-1);
		if (kxx_irqs_disabled() || kxx_test_in_softirq_disabled())
			gone_where_atomic.add(1);
	}

	int value;

	static inline constinit Tally alive;
	static inline constinit Tally gone_where_atomic;
};

/* The number of living allocators: each one is in a lock of type Counting. */
inline constinit Tally allocators;

template <template <typename, typename> typename Lock> struct Counting {
	template <typename T, typename Tag> class Type : public Lock<T, Tag> {
	public:
		Type(drm::MmRange range, const char *name) : Lock<T, Tag>(range, name)
		{
			allocators.add(1);
		}
		Type(const Type &) = delete;
		Type &operator=(const Type &) = delete;
		~Type() { allocators.add(-1); }
	};
};

template <template <typename, typename> typename Lock>
using Shared = drm::SharedMm<Payload, Counting<Lock>::template Type>;
using Space = Shared<SpinLock>;
using Node = Space::Node;
using FreeNode = drm::FreeNode<Payload>;

inline constexpr u64 start = 100;
inline constexpr u64 size = 64;

template <typename Space = sharing::Space> Result<Space> make_space() KXX_MAY_SLEEP
{
	return Space::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(start, size)), "test");
}

template <typename Space>
Result<typename Space::Node> insert(Space &space, u64 size, int value = 0) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL, value));

	return space.insert_node(std::move(memory), size);
}

template <typename Space> bool clean(const Space &space)
{
	return space.with_locked([](const auto &mm) { return mm.clean(); });
}

template <typename Space> u64 nr_free(const Space &space)
{
	return space.with_locked([](const auto &mm) {
		u64 free = 0;

		for (auto [start, size] : mm.holes())
			free += size;
		return free;
	});
}

/* Checks that a case left no payload and no allocator. */
inline void expect_all_gone(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
	KUNIT_EXPECT_EQ(test, allocators.get(), 0);
}

} // namespace sharing
