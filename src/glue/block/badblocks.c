// SPDX-License-Identifier: GPL-2.0
#include <linux/badblocks.h>

#include <kxx/glue/block/badblocks.h>

#include "../compat.h"

int kxx_badblocks_init(struct badblocks *bad)
{
	return badblocks_init(bad, 0);
}

/* As in null_blk: 6.1 to 6.12 export no function that enables a list. */
static void enable(struct badblocks *bad)
{
	cmpxchg(&bad->shift, -1, 0);
}

/* An entry has 54 bits for the first sector; no disk has more sectors. */
static bool is_range(sector_t first, sector_t sectors)
{
	const sector_t end = 1ull << 54;

	return sectors && first < end && sectors <= end - first;
}

int kxx_badblocks_set(struct badblocks *bad, sector_t first, sector_t sectors)
{
	sector_t step;
	int err = 0;

	if (!is_range(first, sectors))
		return -EINVAL;
	enable(bad);
	/* More than the list has room for. The kernel's own parameter may be an int. */
	if (sectors > MAX_BADBLOCKS * BB_MAX_LEN)
		return -ENOSPC;
	/* One entry per call: 6.1 inserts the entries of one call in the reverse order. */
	for (; !err && sectors; first += step, sectors -= step) {
		step = min_t(sector_t, sectors, BB_MAX_LEN);
		err = kxx_compat_badblocks_set(bad, first, step);
	}
	return err;
}

/* The first bad sector from @first on, or ~0 if there is none. */
static sector_t next_bad(struct badblocks *bad, sector_t first)
{
	unsigned int seq;
	sector_t next;
	int i;

	do {
		seq = read_seqbegin(&bad->lock);
		next = ~0ull;
		for (i = bad->count - 1; i >= 0; i--) {
			u64 entry = bad->page[i];

			if (BB_OFFSET(entry) + BB_LEN(entry) <= first)
				break;
			next = max_t(sector_t, BB_OFFSET(entry), first);
		}
	} while (read_seqretry(&bad->lock, seq));
	return next;
}

int kxx_badblocks_clear(struct badblocks *bad, sector_t first, sector_t sectors)
{
	sector_t end = first + sectors;
	int err = 0;

	if (!is_range(first, sectors))
		return -EINVAL;
	enable(bad);
	/* From bad sector to bad sector. The kernel's own parameter may be an int. */
	while (!err && (first = next_bad(bad, first)) < end) {
		sectors = min_t(sector_t, end - first, BB_MAX_LEN);
		err = kxx_compat_badblocks_clear(bad, first, sectors);
		first += sectors;
	}
	return err;
}

void kxx_badblocks_forget(struct badblocks *bad, sector_t first, sector_t sectors)
{
	badblocks_clear(bad, first, sectors);
}

bool kxx_badblocks_check(struct badblocks *bad, sector_t first, sector_t sectors,
			 sector_t *first_bad, sector_t *bad_sectors)
{
	kxx_compat_bad_sectors found = 0;
	bool any;

	if (bad->shift == -1)
		return false;
	any = badblocks_check(bad, first, sectors, first_bad, &found);
	*bad_sectors = found;
	return any;
}

int kxx_badblocks_show(struct badblocks *bad, char *page)
{
	/* Returns the length of the whole text plus one, even if it did not fit. */
	return min_t(ssize_t, badblocks_show(bad, page, 0), PAGE_SIZE - 1);
}
