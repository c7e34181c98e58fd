// SPDX-License-Identifier: GPL-2.0
/*
 * pieces.c - direct I/O with buffers at unaligned addresses
 *
 * pieces FILE OFFSET BYTES ALIGN SEED write|read
 *
 * One system call transfers BYTES at OFFSET, from or to many buffers. Each buffer begins at an odd
 * multiple of ALIGN. Its length is a random multiple of ALIGN, by SEED; the last buffer has the
 * rest. The data to write is a function of SEED and the offset. A read prints how many bytes have
 * this value, how many are 0 and how many 0xff.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

enum { MOST = 1024, LONGEST = 2048, UNTOUCHED = 0xa5 };

static _Alignas(4096) unsigned char memory[(2 * MOST + 1) * LONGEST];
static struct iovec pieces[MOST];
static unsigned char *end = memory;

static unsigned char expected(unsigned long seed, unsigned long at)
{
	unsigned long mixed = (at + 1) * (2 * seed + 1) * 0x9e3779b97f4a7c15ul;

	return 1 + (mixed >> 40) % 254;
}

/* Fills pieces[] for @bytes; returns their number. */
static int lay_out(unsigned long bytes, unsigned long align)
{
	unsigned char *at = memory;
	int nr = 0;

	while (bytes) {
		unsigned long size = align * (1 + random() % (LONGEST / align));

		if (nr == MOST)
			errx(1, "too many pieces");
		if (size > bytes)
			size = bytes;
		/* @at is a multiple of @align: advance to the next odd multiple, with a gap. */
		at += align * ((unsigned long)at / align % 2 ? 2 : 1);
		pieces[nr++] = (struct iovec){ .iov_base = at, .iov_len = size };
		at += size;
		bytes -= size;
	}
	/* Check the memory after the last piece as well; the array has room for it. */
	end = at + LONGEST;
	memset(memory, UNTOUCHED, end - memory);
	return nr;
}

static void fill(int nr, unsigned long seed, unsigned long at)
{
	for (int i = 0; i < nr; i++)
		for (unsigned long j = 0; j < pieces[i].iov_len; j++)
			((unsigned char *)pieces[i].iov_base)[j] = expected(seed, at++);
}

static void judge(int nr, unsigned long seed, unsigned long at, unsigned long got)
{
	unsigned long same = 0, zero = 0, ones = 0, last = at + got;

	for (int i = 0; i < nr; i++) {
		unsigned char *bytes = pieces[i].iov_base;

		for (unsigned long j = 0; j < pieces[i].iov_len && at < last; j++, at++) {
			same += bytes[j] == expected(seed, at);
			zero += bytes[j] == 0;
			ones += bytes[j] == 0xff;
			bytes[j] = UNTOUCHED;
		}
	}
	printf("%lu as written, %lu of 0, %lu of 0xff\n", same, zero, ones);
	for (unsigned char *byte = memory; byte < end; byte++)
		if (*byte != UNTOUCHED)
			errx(1, "the read wrote to byte %#tx, which is no part of it", byte - memory);
}

int main(int argc, char **argv)
{
	if (argc != 7)
		errx(1, "usage: pieces FILE OFFSET BYTES ALIGN SEED write|read");

	unsigned long at = strtoul(argv[2], NULL, 0), bytes = strtoul(argv[3], NULL, 0);
	unsigned long align = strtoul(argv[4], NULL, 0), seed = strtoul(argv[5], NULL, 0);
	int reads = !strcmp(argv[6], "read");
	int file = open(argv[1], O_DIRECT | (reads ? O_RDONLY : O_WRONLY));

	if (file < 0)
		err(1, "%s", argv[1]);
	/* A read uses other pieces than the write with the same SEED. */
	srandom(2 * seed + reads);

	if (!align || align > LONGEST)
		errx(1, "ALIGN is not from 1 to %d", LONGEST);

	int nr = lay_out(bytes, align);

	if (!reads)
		fill(nr, seed, at);

	ssize_t done = reads ? preadv(file, pieces, nr, at) : pwritev(file, pieces, nr, at);

	if (done < 0)
		err(1, "%s", argv[6]);
	printf("%s of %lu: %zd\n", argv[6], bytes, done);
	if (reads)
		judge(nr, seed, at, done);
	return 0;
}
