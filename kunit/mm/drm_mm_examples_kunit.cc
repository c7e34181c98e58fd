// SPDX-License-Identifier: GPL-2.0
/*
 * drm_mm_examples_kunit.cc - runs the examples of Documentation/drm_mm.rst
 *
 * scripts/tests/docs checks that both have the same text.
 */
#include <optional>

#include <kxx/mm/drm_mm.hpp>
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/mm/shared_mm.hpp>
#include <kxx/sync/spinlock.hpp>

#include "../kunit.hpp"

using namespace kxx;

namespace {

/* Allocates pages of a window into a device. */
class Window {
public:
	explicit Window(drm::MmRange pages) : pages_(pages, "window") {}

	Result<drm::Node<>> map(u64 count) KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));

		return pages_.lock()->insert_node(std::move(memory), count);
	}

	void unmap(drm::Node<> node)
	{
		/* @memory is freed at the end of the function, after the lock was released. */
		auto memory = pages_.lock()->remove_node(std::move(node));
	}

	bool is_unused() { return pages_.lock()->clean(); }

private:
	SpinLock<drm::Mm<>> pages_;
};

/* A part of a memory that many users share. The allocator lives as long as any of its nodes. */
struct Buffer {
	drm::SharedMm<>::Node bytes;
};

Result<Buffer> allocate(drm::SharedMm<> &memory, u64 size) KXX_MAY_SLEEP
{
	auto node = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));
	/* Aligned to 256 bytes, as low as possible. */
	auto bytes = KXX_TRY(
		memory.insert_node_generic(std::move(node), size, 256, 0, drm::MmInsertMode::LOW));

	return Buffer{ std::move(bytes) };
}

/* Maps addresses of an address space to offsets in a file. */
class AddressSpace {
public:
	struct Mapping {
		u64 file_offset;
	};

	explicit AddressSpace(drm::MmRange addresses) : mappings_(addresses, "address space") {}

	Result<void> map(u64 address, u64 size, u64 file_offset) KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(drm::FreeNode<Mapping>::make(GFP_KERNEL, file_offset));

		auto mappings = mappings_.lock();

		KXX_TRY(mappings->reserve_node(std::move(memory), address, size));
		return {};
	}

	Result<u64> translate(u64 address)
	{
		auto mappings = mappings_.lock();
		/* @mapping is valid while the lock is held. */
		auto *mapping = mappings->interval_first(address, address);

		if (!mapping)
			return EINVAL;
		return (*mapping)->file_offset + (address - mapping->start());
	}

	/* Removes whole mappings, including those that only overlap the range. */
	void unmap(u64 start, u64 end)
	{
		auto mappings = mappings_.lock();

		for (auto &mapping : mappings->nodes_in_range(start, end))
			auto memory = mappings->remove_node(mapping);
	}

private:
	SpinLock<drm::OwningMm<Mapping>> mappings_;
};

/* The caller holds the allocator's lock and got @cache from its guard. */
Result<drm::MmNode<> *> insert_for_sure(drm::OwningMm<> &cache, drm::FreeNode<> memory, u64 size)
{
	drm::MmScan scan(cache, size, 0, 0, drm::MmInsertMode::BEST);
	drm::MmNode<> *evicted[16];
	unsigned int nr_evicted = 0;

	/* The driver chooses the order of eviction. This one starts at the lowest address. */
	for (auto &node : cache.nodes())
		if (KXX_TRY(scan.add_block(node)))
			break;
	while (auto block = scan.remove_block()) {
		if (!block.evict)
			continue;
		if (nr_evicted == 16)
			return ENOSPC;
		evicted[nr_evicted++] = block.node;
	}
	for (unsigned int i = 0; i < nr_evicted; i++)
		auto freed = cache.remove_node(*evicted[i]);
	return cache.insert_node_generic(std::move(memory), size, 0, 0, drm::MmInsertMode::EVICT);
}

/* Keeps a page free between ranges of different colors. */
struct Guarded {
	static void color_adjust(const drm::MmNodeBase &before, const drm::MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end)
	{
		if (before.allocated() && before.color() != color)
			start++;
		if (after.allocated() && after.color() != color)
			end--;
	}
};
using GuardedPages = SpinLock<drm::Mm<drm::NoPayload, Guarded>>;

Result<drm::MmRange> units(u64 count)
{
	return drm::MmRange::make(0, count);
}

} // namespace

static void window(struct kunit *test) KXX_MAY_SLEEP
{
	auto range = KUNIT_ASSERT_VALUE(test, units(8));
	Window window(range);
	drm::Node<> node = KUNIT_ASSERT_VALUE(test, window.map(8));

	KUNIT_EXPECT_EQ(test, node.start(), 0);
	KUNIT_EXPECT_EQ(test, node.size(), 8);
	window.unmap(std::move(node));
	KUNIT_EXPECT_TRUE(test, window.is_unused());
}

static void buffer(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = []() KXX_MAY_SLEEP -> Result<u64> {
		auto memory =
			KXX_TRY(drm::SharedMm<>::make(GFP_KERNEL, KXX_TRY(units(1024)), "memory"));
		auto first = KXX_TRY(allocate(memory, 100));

		/* The range is freed at the end of the block. */
		{
			auto second = KXX_TRY(allocate(memory, 768));
		}
		auto third = KXX_TRY(allocate(memory, 768));

		return third.bytes.start();
	};
	auto start = run();

	KUNIT_ASSERT_TRUE(test, start);
	KUNIT_EXPECT_EQ(test, std::move(start).value(), 256);
}

static void address_space(struct kunit *test) KXX_MAY_SLEEP
{
	auto range = KUNIT_ASSERT_VALUE(test, units(0x10000));
	AddressSpace space(range);

	KUNIT_EXPECT_TRUE(test, space.map(0x1000, 0x1000, 0));
	KUNIT_EXPECT_TRUE(test, space.map(0x4000, 0x2000, 0x8000));
	KUNIT_EXPECT_FALSE(test, space.map(0x5000, 0x1000, 0));

	auto there = KUNIT_ASSERT_VALUE(test, space.translate(0x5010));

	KUNIT_EXPECT_EQ(test, there, 0x9010);
	KUNIT_EXPECT_FALSE(test, space.translate(0x3fff));
	space.unmap(0x1fff, 0x4001);
	KUNIT_EXPECT_FALSE(test, space.translate(0x1000));
	KUNIT_EXPECT_FALSE(test, space.translate(0x4000));
}

static void eviction(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		SpinLock<drm::OwningMm<>> cache(KXX_TRY(units(4)), "cache");

		for (unsigned int i = 0; i < 4; i++) {
			auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));

			auto guard = cache.lock();

			KXX_TRY(guard->insert_node(std::move(memory), 1));
		}

		auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));
		auto guard = cache.lock();
		auto *node = KXX_TRY(insert_for_sure(*guard, std::move(memory), 3));
		u64 used = 0;

		for (auto &left : guard->nodes())
			used += left.size();
		KUNIT_EXPECT_EQ(test, used, 4);
		KUNIT_EXPECT_EQ(test, node->size(), 3);
		guard->clear();
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

static void guard_pages(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		GuardedPages pages(KXX_TRY(units(4)), "pages");
		auto first_memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));
		auto second_memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));
		auto guard = pages.lock();
		auto first = KXX_TRY(guard->insert_node_generic(std::move(first_memory), 1, 0, 1,
								drm::MmInsertMode::LOW));
		auto inserted = guard->insert_node_generic(std::move(second_memory), 1, 0, 2,
							   drm::MmInsertMode::LOW);
		u64 first_start = first.start();
		auto removed = KXX_TRY(guard->remove_node(std::move(first)));
		auto second = KXX_TRY(std::move(inserted));

		KUNIT_EXPECT_EQ(test, first_start, 0);
		KUNIT_EXPECT_EQ(test, second.start(), 2);

		auto second_removed = KXX_TRY(guard->remove_node(std::move(second)));
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm_examples, "kxx_drm_mm_examples", KXX_KUNIT_CASE(window),
		KXX_KUNIT_CASE(buffer), KXX_KUNIT_CASE(address_space), KXX_KUNIT_CASE(eviction),
		KXX_KUNIT_CASE(guard_pages));
