/* SPDX-License-Identifier: GPL-2.0 */
/* glue/block/badblocks.h - <linux/badblocks.h> for C++ */
#ifndef KXX_GLUE_BADBLOCKS_H
#define KXX_GLUE_BADBLOCKS_H

#include <kxx/glue/types.h>

struct badblocks;

KXX_BEGIN_DECLS
int kxx_badblocks_init(struct badblocks *bad);
void badblocks_exit(struct badblocks *bad);
/* Return 0 or a negative errno on every kernel version. Both calls enable @bad. */
int kxx_badblocks_set(struct badblocks *bad, sector_t first, sector_t sectors);
int kxx_badblocks_clear(struct badblocks *bad, sector_t first, sector_t sectors);
void kxx_badblocks_forget(struct badblocks *bad, sector_t first, sector_t sectors);
bool kxx_badblocks_check(struct badblocks *bad, sector_t first, sector_t sectors,
			 sector_t *first_bad, sector_t *bad_sectors);
/* Writes to @page, of PAGE_SIZE bytes; returns the length of the text. */
int kxx_badblocks_show(struct badblocks *bad, char *page);
KXX_END_DECLS

#endif
