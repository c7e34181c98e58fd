// SPDX-License-Identifier: GPL-2.0
/* unreaped.c - submits one polled read (IORING_SETUP_IOPOLL), and never polls for its completion */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SIZE = 4096 };

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void *map(int ring, size_t size, off_t offset)
{
	void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring,
			    offset);

	if (mapped == MAP_FAILED)
		die("mmap");
	return mapped;
}

int main(int argc, char **argv)
{
	struct io_uring_params params = { .flags = IORING_SETUP_IOPOLL };
	struct io_uring_sqe *sqe;
	void *buffer;
	char *queue;
	int ring, fd;

	if (argc != 2) {
		fprintf(stderr, "usage: unreaped DEVICE\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY | O_DIRECT);
	if (fd < 0)
		die(argv[1]);
	ring = syscall(SYS_io_uring_setup, 1, &params);
	if (ring < 0)
		die("io_uring_setup");
	if (posix_memalign(&buffer, SIZE, SIZE))
		die("posix_memalign");
	queue = map(ring, params.sq_off.array + params.sq_entries * sizeof(unsigned int),
		    IORING_OFF_SQ_RING);
	sqe = map(ring, params.sq_entries * sizeof(*sqe), IORING_OFF_SQES);
	sqe->opcode = IORING_OP_READ;
	sqe->fd = fd;
	sqe->addr = (unsigned long)buffer;
	sqe->len = SIZE;
	*(unsigned int *)(queue + params.sq_off.array) = 0;
	__atomic_store_n((unsigned int *)(queue + params.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 0, 0, NULL, 0) != 1)
		die("io_uring_enter");
	puts("submitted");
	fflush(stdout);
	for (;;)
		pause();
}
