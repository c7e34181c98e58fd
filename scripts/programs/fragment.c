// SPDX-License-Identifier: GPL-2.0
/*
 * fragment [MB] - fragments memory, so that free memory is in pieces of at most three pages
 *
 * With MB, only so much memory is fragmented, and a mapping takes up the rest, which is faster.
 * The kernel cannot move pages in pipes, and allocates them at consecutive addresses. So
 * every fourth page is put into a pipe that stays open, and the other pages into pipes that
 * are closed at the end.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

enum { PAGE = 4096, PIPE_PAGES = 4096, MOST_PIPES = 1024, LEFT_MB = 48 };

struct pages {
	int pipes[MOST_PIPES][2];
	int nr_pipes;
	int nr_pages; /* in the last pipe */
};

static struct pages kept, dropped;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void add_page(struct pages *pages)
{
	static const char page[PAGE];

	if (!pages->nr_pipes || pages->nr_pages == PIPE_PAGES) {
		int *fresh = pages->pipes[pages->nr_pipes++];

		if (pages->nr_pipes == MOST_PIPES || pipe(fresh))
			die("pipe");
		if (fcntl(fresh[1], F_SETPIPE_SZ, PIPE_PAGES * PAGE) < 0)
			die("F_SETPIPE_SZ");
		pages->nr_pages = 0;
	}
	if (write(pages->pipes[pages->nr_pipes - 1][1], page, PAGE) != PAGE)
		die("write");
	pages->nr_pages++;
}

static unsigned long free_mb(void)
{
	struct sysinfo info;

	if (sysinfo(&info))
		die("sysinfo");
	return info.freeram * info.mem_unit >> 20;
}

static void take(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	memset(memory, 1, size);
}

int main(int argc, char **argv)
{
	unsigned long mb = argc > 1 ? strtoul(argv[1], NULL, 0) + LEFT_MB : ULONG_MAX;

	if (free_mb() > mb)
		take((free_mb() - mb) << 20);
	while (free_mb() > LEFT_MB) {
		for (int i = 0; i < 64; i++) {
			add_page(&kept);
			for (int j = 0; j < 3; j++)
				add_page(&dropped);
		}
	}
	for (int i = 0; i < dropped.nr_pipes; i++) {
		close(dropped.pipes[i][0]);
		close(dropped.pipes[i][1]);
	}
	puts("fragmented");
	fflush(stdout);
	for (;;)
		pause();
}
