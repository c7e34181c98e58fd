// SPDX-License-Identifier: GPL-2.0
#include <linux/badblocks.h>

#include <kxx/glue/badblocks.h>

#include "compat.h"

int kxx_badblocks_init(struct badblocks *bad)
{
	return badblocks_init(bad, 0);
}

void kxx_badblocks_exit(struct badblocks *bad)
{
	badblocks_exit(bad);
}

static void enable(struct badblocks *bad)
{
	cmpxchg(&bad->shift, -1, 0);
}

int kxx_badblocks_set(struct badblocks *bad, sector_t first, sector_t sectors)
{
	enable(bad);
	return kxx_compat_badblocks_set(bad, first, sectors);
}

int kxx_badblocks_clear(struct badblocks *bad, sector_t first, sector_t sectors)
{
	enable(bad);
	return kxx_compat_badblocks_clear(bad, first, sectors);
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
	return badblocks_show(bad, page, 0);
}
