// SPDX-License-Identifier: GPL-2.0
/*
 * iob.c - direct I/Os through io_uring, timed by the TSC
 *
 *   iob DEVICE read|write|discard DEPTH BLOCK COUNT RANGE ROUNDS [poll|zones=BLOCKS]
 *   iob DEVICE read|write|mixed|discard DEPTH BLOCK SECONDS RANGE ROUNDS cpus=N
 *
 * Submits DEPTH I/Os of BLOCK bytes, waits for them, and repeats until COUNT I/Os are done. An
 * eighth of COUNT before that warms up. The I/Os visit each of the RANGE blocks from the start of
 * the disk once before any block is visited again. RANGE must be a power of two. Each round visits
 * the same blocks in the same order. Prints for each round the ticks of the TSC and the number of
 * I/Os that failed. If one instruction takes one tick, as with QEMU's -icount shift=0, the ticks
 * are instructions.
 *
 * A round begins at a whole second, after a second in which tasks ran for at most one
 * millisecond. By then all work left over from the boot or the last round is done, and periodic
 * work of the kernel runs at the same moments of each round, whenever the guest has booted. The
 * first round prints, after "@settled", the seconds since the boot and the nanoseconds that tasks
 * ran.
 *
 * discard: discards blocks that were written, DEPTH adjacent blocks with one ioctl. The queue's
 * discard_max_bytes determines how many requests that makes.
 *
 * zones=BLOCKS: zones have BLOCKS blocks. Visits the first block of each zone, then the second
 * block of each, and so on; all zones are reset before each round.
 *
 * cpus=N: runs a process on each of N CPUs, all from the same second on and for SECONDS. Each
 * process starts at another block; all blocks have been written before. discard writes DEPTH
 * adjacent blocks and discards them; mixed reads one half and writes the other. Prints for each
 * round, after "@running", the I/Os per second of all processes and the number of I/Os that
 * failed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/blkzoned.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <linux/types.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define BUFFER (2 << 20) /* size of a huge page */
#define MOST_SECONDS 600
#define MIXED 256 /* not an opcode of io_uring */
#define MOST_CPUS 64

static int ring, fd;
static unsigned int *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;
static char *buffer;
static unsigned int depth, bs, zone_blocks, neighbours;
static __u64 range, bytes, next, failed;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void set_up_ring(int poll)
{
	struct io_uring_params p = { .flags = poll ? IORING_SETUP_IOPOLL : 0 };
	char *sq, *cq;

	ring = syscall(SYS_io_uring_setup, depth, &p);
	if (ring < 0)
		die("io_uring_setup");
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * sizeof(int), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*cqes), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_CQ_RING);
	sqes = mmap(NULL, p.sq_entries * sizeof(*sqes), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqes == MAP_FAILED)
		die("mmap");
	sq_tail = (void *)(sq + p.sq_off.tail);
	sq_mask = (void *)(sq + p.sq_off.ring_mask);
	sq_array = (void *)(sq + p.sq_off.array);
	cq_head = (void *)(cq + p.cq_off.head);
	cq_tail = (void *)(cq + p.cq_off.tail);
	cq_mask = (void *)(cq + p.cq_off.ring_mask);
	cqes = (void *)(cq + p.cq_off.cqes);
}

/* Uses a huge page for large I/Os: contiguous memory is always split in the same way. */
static void set_up_buffer(void)
{
	int huge = bs > 4096 ? MAP_HUGETLB : 0;

	buffer = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | huge, -1, 0);
	if (buffer == MAP_FAILED)
		die("mmap of the buffer");
	memset(buffer, 0x5a, BUFFER);
}

/* Returns the n-th element of a permutation of @blocks blocks; @blocks is a power of two. */
static __u64 scattered(__u64 n, __u64 blocks)
{
	__u64 stride = blocks * 618 / 1000;

	return n * (stride | 1) & (blocks - 1);
}

static __u64 block_of(__u64 n)
{
	__u64 zones;

	if (neighbours)
		return scattered(n / depth, range / depth) * depth + n % depth;
	if (!zone_blocks)
		return scattered(n, range);
	zones = range / zone_blocks;
	return n % zones * zone_blocks + n / zones;
}

static int opcode_of(int op, __u64 n)
{
	if (op != MIXED)
		return op;
	return n * 0x9e3779b97f4a7c15ull >> 63 ? IORING_OP_WRITE : IORING_OP_READ;
}

static void submit_and_wait(int op)
{
	unsigned int tail = *sq_tail, sent = 0, head, i;

	for (i = 0; i < depth; i++, tail++) {
		struct io_uring_sqe *e = &sqes[tail & *sq_mask];

		memset(e, 0, sizeof(*e));
		e->opcode = opcode_of(op, next);
		e->fd = fd;
		e->addr = (uintptr_t)(buffer + (size_t)i * bs);
		e->len = bs;
		e->off = block_of(next++) * bs;
		sq_array[tail & *sq_mask] = tail & *sq_mask;
	}
	__atomic_store_n(sq_tail, tail, __ATOMIC_RELEASE);
	while (sent < depth) {
		long n = syscall(SYS_io_uring_enter, ring, depth - sent, depth,
				 IORING_ENTER_GETEVENTS, NULL, 0);

		if (n < 0 && errno != EINTR)
			die("io_uring_enter");
		sent += n > 0 ? n : 0;
	}
	head = *cq_head;
	for (i = 0; i < depth;) {
		if (head == __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE)) {
			syscall(SYS_io_uring_enter, ring, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
			continue;
		}
		failed += cqes[head++ & *cq_mask].res != (int)bs;
		i++;
	}
	__atomic_store_n(cq_head, head, __ATOMIC_RELEASE);
}

static void discard(void)
{
	__u64 where[2] = { scattered(next / depth, range / depth) * depth * bs,
			   (__u64)depth * bs };

	failed += ioctl(fd, BLKDISCARD, where) ? depth : 0;
	next += depth;
}

static void batch(int op)
{
	if (neighbours) {
		submit_and_wait(IORING_OP_WRITE);
		next -= depth;
	}
	if (op < 0)
		discard();
	else
		submit_and_wait(op);
}

static void prepare(int op, int written)
{
	struct blk_zone_range zones = { 0, bytes >> 9 };
	__u64 at;

	/* kxx_floor has no zones, and returns ENOTTY. */
	if (zone_blocks && op == IORING_OP_WRITE && ioctl(fd, BLKRESETZONE, &zones) &&
	    errno != ENOTTY)
		die("BLKRESETZONE");
	for (at = 0; (op < 0 || written) && at < range * bs; at += BUFFER)
		if (pwrite(fd, buffer, BUFFER, at) != BUFFER)
			die("pwrite");
}

/*
 * Returns the nanoseconds that tasks have run on CPU 0. The time of the current task is added
 * when it sleeps.
 */
static __u64 run_ns(void)
{
	FILE *file = fopen("/proc/schedstat", "r");
	char line[512];
	__u64 run;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "cpu0 %*u %*u %*u %*u %*u %*u %llu", &run) == 1) {
			fclose(file);
			return run;
		}
	die("/proc/schedstat");
	return 0;
}

static void sleep_to(time_t second)
{
	struct timespec then = { .tv_sec = second };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL);
}

static void settle(int first)
{
	struct timespec now;
	__u64 run;

	for (int i = 0; i < MOST_SECONDS; i++) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		sleep_to(now.tv_sec + 1);
		run = run_ns();
		sleep_to(now.tv_sec + 2);
		run = run_ns() - run;
		if (run > 1000000)
			continue;
		if (first)
			printf("@settled %lld %llu\n", (long long)now.tv_sec + 2, run);
		return;
	}
	fprintf(stderr, "iob: the CPU is never idle\n");
	exit(1);
}

static void round_of(int op, __u64 count, int first)
{
	__u64 ticks;

	prepare(op, 0);
	next = 0;
	while (next < count / 8)
		batch(op);
	settle(first);
	ticks = __rdtsc();
	while (next < count / 8 + count)
		batch(op);
	ticks = __rdtsc() - ticks;
	printf("%llu %llu\n", ticks, failed);
}

static __u64 nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Returns the I/Os per second of this process. */
static double rate_of(int op, time_t second, unsigned int seconds)
{
	__u64 first = next, begun, now;

	sleep_to(second);
	begun = nanoseconds();
	do {
		for (int i = 0; i < 8; i++)
			batch(op);
		now = nanoseconds();
	} while (now - begun < seconds * 1000000000ull);
	return (next - first) * 1e9 / (now - begun);
}

struct result {
	double rate;
	__u64 failed;
};

static void round_on_cpus(const char *device, int op, unsigned int seconds, int cpus)
{
	struct result *results = mmap(NULL, MOST_CPUS * sizeof(*results), PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	time_t second;
	double rate = 0;

	if (results == MAP_FAILED)
		die("mmap");
	prepare(op, 1);
	second = nanoseconds() / 1000000000 + 2;
	printf("@running\n");
	fflush(stdout);
	for (int cpu = 0; cpu < cpus; cpu++) {
		cpu_set_t set;

		if (fork())
			continue;
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		fd = open(device, O_RDWR | O_DIRECT);
		if (fd < 0 || sched_setaffinity(0, sizeof(set), &set))
			die(device);
		set_up_buffer();
		set_up_ring(0);
		next = range / cpus * cpu;
		results[cpu].rate = rate_of(op, second, seconds);
		results[cpu].failed = failed;
		_exit(0);
	}
	for (int cpu = 0; cpu < cpus; cpu++) {
		int status;

		if (wait(&status) < 0 || status)
			exit(1);
	}
	for (int cpu = 0; cpu < cpus; cpu++) {
		rate += results[cpu].rate;
		failed += results[cpu].failed;
	}
	printf("%.0f %llu\n", rate, failed);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	__u64 count;
	int op, rounds, poll, cpus = 0;

	if (argc < 8) {
		fprintf(stderr, "usage: the head of iob.c has it\n");
		return 2;
	}
	op = !strcmp(argv[2], "read") ? IORING_OP_READ :
	     !strcmp(argv[2], "write") ? IORING_OP_WRITE :
	     !strcmp(argv[2], "mixed") ? MIXED : -1;
	depth = atoi(argv[3]);
	bs = atoi(argv[4]);
	count = strtoull(argv[5], NULL, 0);
	range = strtoull(argv[6], NULL, 0);
	rounds = atoi(argv[7]);
	poll = argc > 8 && !strcmp(argv[8], "poll");
	if (argc > 8 && !poll && sscanf(argv[8], "cpus=%d", &cpus) != 1)
		zone_blocks = atoi(argv[8] + strlen("zones="));

	fd = open(argv[1], O_RDWR | O_DIRECT);
	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &bytes))
		die(argv[1]);
	if (range * bs > bytes || (!cpus && count + count / 8 > range) ||
	    (__u64)depth * bs > BUFFER || cpus > MOST_CPUS) {
		fprintf(stderr, "iob: more than the disk, the range or the buffer has\n");
		return 2;
	}
	set_up_buffer();
	set_up_ring(poll);
	neighbours = cpus && op < 0;
	for (int i = 0; i < rounds; i++) {
		if (cpus)
			round_on_cpus(argv[1], op, count, cpus);
		else
			round_of(op, count, i == 0);
	}
	return 0;
}
