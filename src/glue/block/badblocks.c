// SPDX-License-Identifier: GPL-2.0
#include <linux/badblocks.h>
#include <linux/mutex.h>

#include <kxx/glue/block/badblocks.h>

#include "../compat.h"

int kxx_badblocks_init(struct badblocks *bad)
{
	return badblocks_init(bad, 0);
}

/* Enables a list (shift was -1), as null_blk does: 6.1 to 6.12 export no function for that. */
static void enable(struct badblocks *bad)
{
	cmpxchg(&bad->shift, -1, 0);
}

/*
 * Before 6.15 set() looks at the list before the kernel takes its lock: no other set() or clear()
 * may change it meanwhile.
 */
static DEFINE_MUTEX(changing);

/* An entry of a list has 54 bits for the first sector. */
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
	/* Cannot fit in the list. Check here, as the kernel's parameter may be only an int. */
	if (sectors > MAX_BADBLOCKS * BB_MAX_LEN)
		return -ENOSPC;
	mutex_lock(&changing);
	/* Set one entry per call: 6.1 inserts the entries of one call in reverse order. */
	for (; !err && sectors; first += step, sectors -= step) {
		step = min_t(sector_t, sectors, BB_MAX_LEN);
		step = kxx_compat_badblocks_step(bad, first, step);
		err = kxx_compat_badblocks_set(bad, first, step);
	}
	mutex_unlock(&changing);
	return err;
}

/* Returns the first bad sector at or after @first, or ~0. */
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
	mutex_lock(&changing);
	/* Clear only bad ranges, in steps: the kernel's parameter may be only an int. */
	while (!err && (first = next_bad(bad, first)) < end) {
		sectors = min_t(sector_t, end - first, BB_MAX_LEN);
		err = kxx_compat_badblocks_clear(bad, first, sectors);
		first += sectors;
	}
	mutex_unlock(&changing);
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
	sector_t next;
	bool any;

	if (READ_ONCE(bad->shift) == -1 || !sectors)
		return false;
	/* The kernel's parameter, or a variable of its loop, may be only an int. */
	if (sectors > BB_MAX_LEN) {
		next = next_bad(bad, first);
		if (next == ~0ull || next - first >= sectors)
			return false;
		sectors = min_t(sector_t, sectors - (next - first), BB_MAX_LEN);
		first = next;
	}
	any = kxx_compat_badblocks_check(bad, first, sectors, first_bad, &found);
	*bad_sectors = found;
	return any;
}

int kxx_badblocks_show(struct badblocks *bad, char *page)
{
	/*
	 * badblocks_show() returns the length of the whole text plus 1, even if it was truncated.
	 */
	return min_t(ssize_t, badblocks_show(bad, page, 0), PAGE_SIZE - 1);
}
