// SPDX-License-Identifier: GPL-2.0
#include <kxx/string.hpp>

#include "store.hpp"

using namespace kxx;

namespace cxxnull {

Result<Box<Store>> Store::make(u64 pool_bytes)
{
	u64 chunks = (pool_bytes + Chunk::size - 1) / Chunk::size;
	auto range = KXX_TRY(drm::MmRange::make(0, chunks * Chunk::size));

	return Box<Store>::make(GFP_KERNEL, range, KXX_TRY(Chunks::make(GFP_KERNEL, chunks)));
}

Store::~Store()
{
	pages_.drain([this](Node page) { free(std::move(page)); });
}

unsigned char *Store::Pool::bytes_of(const Node &node)
{
	auto &chunk = chunks[node.start() / Chunk::size];

	return chunk ? (*chunk)->bytes + node.start() % Chunk::size : nullptr;
}

void Store::free(Node node)
{
	/* The lock is dropped before the node's memory is freed. */
	auto removed = pool_.with_locked(
		[&node](Pool &pool) { return pool.space.remove_node(std::move(node)); });
}

/* Sees to it that there is memory behind @node. */
Result<void> Store::back(Node &node)
{
	node->bytes = pool_.with_locked([&node](Pool &pool) { return pool.bytes_of(node); });
	if (node->bytes)
		return {};

	std::optional<Box<Chunk>> chunk = KXX_TRY(Box<Chunk>::make(GFP_NOIO | __GFP_NOWARN));

	/* Another writer may have been faster: then ours is freed, after the lock. */
	node->bytes = pool_.with_locked([&](Pool &pool) {
		auto &slot = pool.chunks[node.start() / Chunk::size];

		if (!slot)
			slot.emplace(*std::exchange(chunk, std::nullopt));
		return pool.bytes_of(node);
	});
	return {};
}

/* A page of zeroes from the pool. */
Result<Store::Node> Store::allocate()
{
	auto memory = KXX_TRY(drm::FreeNode<Page>::make(GFP_NOIO | __GFP_NOWARN));
	/* Low addresses first: chunks that have their memory already are filled up. */
	auto node = KXX_TRY(pool_.with_locked([&memory](Pool &pool) {
		return pool.space.insert_node_generic(std::move(memory), page_size, page_size, 0,
						      drm::MmInsertMode::LOW);
	}));
	auto backed = back(node);

	if (!backed) {
		free(std::move(node));
		return backed.error();
	}
	memset(node->bytes, 0, page_size);
	return node;
}

Result<unsigned char *> Store::page_for_write(unsigned long index)
{
	if (auto *page = pages_.load(index))
		return (*page)->bytes;

	auto node = KXX_TRY(allocate());
	unsigned char *bytes = node->bytes;
	auto inserted = pages_.insert(index, std::move(node), GFP_NOIO | __GFP_NOWARN);

	if (inserted)
		return bytes;
	// NOLINTNEXTLINE(bugprone-use-after-move): insert() failed, so the node is still ours.
	free(std::move(node));
	if (inserted.error() != EBUSY)
		return inserted.error();
	/* Another writer put its page there first; pages stay until the store goes. */
	return (*pages_.load(index))->bytes;
}

void Store::read(u64 offset, unsigned char *to, unsigned int size)
{
	auto *page = pages_.load(offset / page_size);

	if (page)
		memcpy(to, (*page)->bytes + offset % page_size, size);
	else
		memset(to, 0, size);
}

Result<void> Store::write(u64 offset, const unsigned char *from, unsigned int size)
{
	unsigned char *bytes = KXX_TRY(page_for_write(offset / page_size));

	memcpy(bytes + offset % page_size, from, size);
	return {};
}

void Store::discard(u64 offset, u64 size)
{
	u64 end = offset + size;
	unsigned long index = offset / page_size;

	/* From one page that is there to the next: there may be few in a zone. */
	for (; auto *page = pages_.find(index); index++) {
		u64 start = u64{ index } * page_size;

		if (start >= end)
			break;

		u64 from = start < offset ? offset : start;
		u64 to = end - start < page_size ? end : start + page_size;

		memset((*page)->bytes + (from - start), 0, to - from);
	}
}

} // namespace cxxnull
