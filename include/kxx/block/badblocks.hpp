/* SPDX-License-Identifier: GPL-2.0 */
/*
 * badblocks.hpp - which sectors of a disk are bad
 * Wraps <linux/badblocks.h>. Glue: glue/block/badblocks.h
 */
#pragma once

#include <optional>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/block/badblocks.h>
#include <kxx/base/layout.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/fs/sysfs.hpp>

KXX_LAYOUT(badblocks);

namespace kxx {

/** BadRange - sectors of 512 bytes, all of them bad */
struct BadRange {
	sector_t first;
	sector_t sectors;
};

/**
 * BadBlocks - struct badblocks: the bad sectors of one disk, some hundred ranges at most
 *
 * Has its own lock. It begins disabled, and is enabled for good by the first set() or
 * clear(). Pinned.
 * Context: any except NMI, where nothing else is said.
 *
 *     auto bad = KXX_TRY(BadBlocks::make());
 *     KXX_TRY(bad->set({ .first = 8, .sectors = 8 }));
 *     if (bad->check(rq->pos(), rq->bytes() >> KXX_SECTOR_SHIFT))
 *             status = BlkStatus::IOERR;
 */
class BadBlocks {
public:
	/** make - badblocks_init(): none is bad; -ENOMEM. Context: process, may sleep */
	static Result<Box<BadBlocks>> make() KXX_MAY_SLEEP
	{
		auto made = KXX_TRY(Box<BadBlocks>::make(GFP_KERNEL));

		KXX_TRY(Result<void>::from_errno(kxx_badblocks_init(made->bad_.get())));
		return made;
	}
	BadBlocks(const BadBlocks &) = delete;
	BadBlocks &operator=(const BadBlocks &) = delete;
	/** ~BadBlocks - badblocks_exit() */
	~BadBlocks() { ::badblocks_exit(bad_.get()); }

	/**
	 * set - badblocks_set(); -ENOSPC if it remembers no more, -EINVAL for no sectors and for
	 *       those from 2^54 on. Context: process, may sleep
	 */
	Result<void> set(const BadRange &range) KXX_MAY_SLEEP
	{
		return Result<void>::from_errno(
			kxx_badblocks_set(bad_.get(), range.first, range.sectors));
	}

	/** clear - badblocks_clear(); -ENOSPC if that would split a range and there is no room */
	Result<void> clear(const BadRange &range) KXX_MAY_SLEEP
	{
		return Result<void>::from_errno(
			kxx_badblocks_clear(bad_.get(), range.first, range.sectors));
	}

	/**
	 * forget - clear() of what check() has found, where sleeping is not allowed. Context:
	 *          interrupts on, as badblocks_clear() switches them on
	 */
	void forget(const BadRange &range)
	{
		kxx_badblocks_forget(bad_.get(), range.first, range.sectors);
	}

	/** check - badblocks_check(): the first bad range among @sectors from @first, or nothing */
	std::optional<BadRange> check(sector_t first, sector_t sectors)
	{
		BadRange found{};

		if (!kxx_badblocks_check(bad_.get(), first, sectors, &found.first, &found.sectors))
			return std::nullopt;
		return found;
	}

	/** show - badblocks_show(): a line for each range, as long as @buffer, empty, has room */
	void show(SysfsBuffer &buffer)
	{
		buffer.fill([this](char *page) { return kxx_badblocks_show(bad_.get(), page); });
	}

private:
	friend Box<BadBlocks>;

	BadBlocks() = default;

	Opaque<badblocks> bad_;
};

} // namespace kxx
