/* SPDX-License-Identifier: GPL-2.0 */
/*
 * badblocks.hpp - the list of bad sectors of a disk
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

/** BadRange - A range of bad sectors, in units of 512 bytes */
struct BadRange {
	sector_t first;
	sector_t sectors;
};

/**
 * BadBlocks - struct badblocks: the bad sectors of one disk, at most PAGE_SIZE / 8 ranges
 *
 * Has its own lock. The list is disabled until the first set() or clear(), and enabled from then
 * on. Cannot be moved. Context: any except NMI, unless a method says otherwise.
 *
 *     auto bad = KXX_TRY(BadBlocks::make());
 *     KXX_TRY(bad->set({ .first = 8, .sectors = 8 }));
 *     if (bad->check(rq->pos(), rq->bytes() >> KXX_SECTOR_SHIFT))
 *             status = BlkStatus::IOERR;
 */
class BadBlocks {
public:
	/** make - badblocks_init(): an empty list; -ENOMEM. Context: process, may sleep */
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
	 * set - badblocks_set(): adds @range
	 *
	 * A range takes one entry of the list per 512 sectors. Fails with -ENOSPC if the list has no
	 * room for them, and with -EINVAL for an empty range or one beyond sector 2^54. Context:
	 * process, may sleep.
	 */
	Result<void> set(const BadRange &range) KXX_MAY_SLEEP
	{
		return Result<void>::from_errno(
			kxx_badblocks_set(bad_.get(), range.first, range.sectors));
	}

	/** clear - badblocks_clear(); -ENOSPC if it must split a range and the list is full */
	Result<void> clear(const BadRange &range) KXX_MAY_SLEEP
	{
		return Result<void>::from_errno(
			kxx_badblocks_clear(bad_.get(), range.first, range.sectors));
	}

	/**
	 * forget - badblocks_clear() of a range that check() returned, in atomic context
	 *
	 * Interrupts must be on, since badblocks_clear() turns them on. Context: atomic.
	 */
	void forget(const BadRange &range)
	{
		kxx_badblocks_forget(bad_.get(), range.first, range.sectors);
	}

	/**
	 * check - finds the first bad range in @sectors from @first, as badblocks_check()
	 *
	 * Does not call badblocks_check(), which is wrong, or warns, if the list changes meanwhile.
	 */
	std::optional<BadRange> check(sector_t first, sector_t sectors)
	{
		BadRange found{};

		if (!kxx_badblocks_check(bad_.get(), first, sectors, &found.first, &found.sectors))
			return std::nullopt;
		return found;
	}

	/** show - badblocks_show(): one line per range, as far as the empty @buffer has room */
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
