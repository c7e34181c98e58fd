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

/* Finds the first entry of the list that ends after sector @first. */
static bool find(struct badblocks *bad, sector_t first, u64 *entry)
{
	unsigned int seq;
	bool found;

	do {
		int low = 0, high;

		seq = read_seqbegin(&bad->lock);
		high = bad->count;
		while (low < high) {
			int middle = (low + high) / 2;
			u64 tried = bad->page[middle];

			if (BB_OFFSET(tried) + BB_LEN(tried) <= first)
				low = middle + 1;
			else
				high = middle;
		}
		found = low < bad->count;
		if (found)
			*entry = bad->page[low];
	} while (read_seqretry(&bad->lock, seq));
	return found;
}

int kxx_badblocks_clear(struct badblocks *bad, sector_t first, sector_t sectors)
{
	sector_t end = first + sectors;
	int err = 0;
	u64 entry;

	if (!is_range(first, sectors))
		return -EINVAL;
	enable(bad);
	mutex_lock(&changing);
	/* Clear only bad ranges, in steps: the kernel's parameter may be only an int. */
	while (!err && find(bad, first, &entry)) {
		first = max_t(sector_t, first, BB_OFFSET(entry));
		if (first >= end)
			break;
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

/*
 * Searches as badblocks_check(), which is not called for three reasons: if the list is changed
 * meanwhile, it returns a wrong result from 6.7 to 6.14, and may warn since 6.7; and its number of
 * sectors is only an int before 6.15.
 */
bool kxx_badblocks_check(struct badblocks *bad, sector_t first, sector_t sectors,
			 sector_t *first_bad, sector_t *bad_sectors)
{
	u64 entry;

	if (!find(bad, first, &entry))
		return false;
	*first_bad = BB_OFFSET(entry);
	*bad_sectors = BB_LEN(entry);
	return max_t(sector_t, BB_OFFSET(entry), first) - first < sectors;
}

int kxx_badblocks_show(struct badblocks *bad, char *page)
{
	/*
	 * badblocks_show() returns the length of the whole text plus 1, even if it was truncated.
	 */
	return min_t(ssize_t, badblocks_show(bad, page, 0), PAGE_SIZE - 1);
}
