// SPDX-License-Identifier: GPL-2.0
/* remember.c - fills memory with known values, and checks and changes them in several rounds */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAGE = 4096, WORDS = PAGE / sizeof(unsigned long) };

int main(int argc, char **argv)
{
	unsigned long pages, rounds, *memory;

	if (argc != 3) {
		fprintf(stderr, "usage: remember MIB ROUNDS\n");
		return 2;
	}
	pages = strtoul(argv[1], NULL, 0) << 8;
	rounds = strtoul(argv[2], NULL, 0);
	if (posix_memalign((void **)&memory, PAGE, pages * PAGE)) {
		perror("posix_memalign");
		return 2;
	}
	for (unsigned long i = 0; i < pages * WORDS; i++)
		memory[i] = i;
	puts("filled");
	fflush(stdout);
	for (unsigned long round = 1; round <= rounds; round++) {
		for (unsigned long i = 0; i < pages; i++) {
			/* Scatter the accesses. Each page is visited once: 7919 is a prime. */
			unsigned long page = i * 7919 % pages;
			unsigned long *words = memory + page * WORDS;

			for (unsigned long j = 0; j < WORDS; j++) {
				if (words[j] != page * WORDS + j + round - 1) {
					printf("page %lu, word %lu: wrong\n", page, j);
					return 1;
				}
				words[j]++;
			}
		}
	}
	puts("all right");
	return 0;
}
