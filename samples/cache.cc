// SPDX-License-Identifier: GPL-2.0
/*
 * cache.cc - ranges that are evicted where there is no room
 *
 * What is written to /dev/kxx_cache takes a page for each 16 bytes, of 16 pages. What is read is
 * how many ranges there are.
 */
#include <kxx/base/module.hpp>
#include <kxx/base/sprintf.hpp>
#include <kxx/fs/miscdevice.hpp>
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace {

constexpr u64 nr_pages = 16;

bool has_room(const drm::OwningMm<> &pages, u64 size)
{
	for (auto [start, length] : pages.holes())
		if (length >= size)
			return true;
	return false;
}

/* Makes room for @size pages. The allocator's lock is held: @pages came from its guard. */
Result<void> evict(drm::OwningMm<> &pages, u64 size)
{
	drm::MmScan scan(pages, size, 0, 0, drm::MmInsertMode::BEST);
	drm::MmNode<> *evicted[nr_pages];
	unsigned int nr_evicted = 0;

	for (auto &node : pages.nodes())
		if (KXX_TRY(scan.add_block(node)))
			break;
	while (auto block = scan.remove_block())
		if (block.evict)
			evicted[nr_evicted++] = block.node;
	while (nr_evicted)
		auto freed = pages.remove_node(*evicted[--nr_evicted]);
	return {};
}

class Cache {
public:
	struct File {};

	explicit Cache(drm::MmRange range) : pages_(range, "cache") {}
	~Cache() { pages_.lock()->clear(); }

	Result<Box<File>> open() const KXX_MAY_SLEEP { return Box<File>::make(GFP_KERNEL); }
	Result<size_t> write(const File &, UserInput &from) const KXX_MAY_SLEEP
	{
		u64 size = (from.size() + 15) / 16;
		/* Allocated here: clang refuses that under the spinlock. */
		auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));
		auto pages = pages_.lock();

		if (!has_room(*pages, size))
			KXX_TRY(evict(*pages, size));
		KXX_TRY(pages->insert_node_generic(std::move(memory), size, 0, 0,
						   drm::MmInsertMode::EVICT));
		return size_t{ from.size() };
	}
	Result<size_t> read(const File &, UserOutput &to) const KXX_MAY_SLEEP
	{
		char text[24];
		int length = scnprintf(text, sizeof(text), "%llu\n", count());

		return to.simple_read_from_buffer(text, static_cast<size_t>(length));
	}

private:
	u64 count() const
	{
		return pages_.with_locked([](drm::OwningMm<> &pages) {
			u64 n = 0;

			for ([[maybe_unused]] auto &node : pages.nodes())
				n++;
			return n;
		});
	}

	SpinLock<drm::OwningMm<>> pages_;
};

Result<Box<MiscDevice<Cache>>> make() KXX_MAY_SLEEP
{
	auto made = KXX_TRY(Box<Cache>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(0, nr_pages))));

	return Box<MiscDevice<Cache>>::make(
		GFP_KERNEL, KXX_TRY(MiscDevice<Cache>::make("kxx_cache", std::move(made))));
}

} // namespace

KXX_MODULE(MiscDevice<Cache>, make);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kxx sample: ranges that are evicted");
