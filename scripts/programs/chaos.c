// SPDX-License-Identifier: GPL-2.0
/*
 * chaos SEED SECONDS - does everything to disks of cxxnull that user space can do, at once
 *
 * Writers (sync, polled, io_uring, mmap, buffered) write blocks of /dev/kept and read them back. Each
 * acknowledged write must be readable; after a failed write, each sector may be old or new. A further writer
 * does so on /dev/cycled, which is powered off and on meanwhile. Actor threads change the disk's queues,
 * elevator, bad blocks and faults, create and remove another disk, unbind and bind one more, all under I/O,
 * take a CPU offline and online, use up and fragment memory, and try to unload the module. Each writer is a
 * process, which actors move into a cgroup and out of it, limit and freeze. Another actor begins to suspend
 * the machine. Each writer and actor has its own random sequence, which SEED determines.
 * Prints how often each action succeeded and failed. Exit status 1 if data was lost, if an I/O failed
 * with an error that no action explains, or if no action of an actor succeeded in LONG_ENOUGH seconds.
 */
#define _GNU_SOURCE
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "guest.h"

#define DRIVER "/sys/bus/platform/drivers/cxxnull/"
#define POWER "/sys/power/"
#define CGROUPS "/sys/fs/cgroup/"
#define CGROUP CGROUPS "chaos/"
#define CPU1 "/sys/devices/system/cpu/cpu1/online"
#define BLOCK 4096
#define SECTOR 512
#define BLOCKS 1024 /* for each writer */
#define CYCLED_SIZE (64ull << 20) /* that of scripts/guests/chaos.guest; no other disk has it */
#define LONG_ENOUGH 20 /* seconds in which one action of each actor succeeds, even in a slow guest */

static uint64_t seed;

struct random {
	uint64_t state;
};

static uint64_t below(struct random *random, uint64_t limit)
{
	return xorshift(&random->state) % limit;
}

static struct random random_of(unsigned int who)
{
	return (struct random){ (seed + 1) * 0x9e3779b97f4a7c15ull + (who + 1) * 0xd1342543de82ef95ull };
}

static void die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	printf(" (seed %llu)\n", (unsigned long long)seed);
	exit(1);
}

/* Blocks are filled with copies of this structure. */
struct content {
	uint64_t writer, block, generation, seed;
};

struct writer;

struct method {
	const char *name, *disk;
	int (*open)(struct writer *writer);
	int (*write)(struct writer *writer, unsigned int block);
	int (*read)(struct writer *writer, unsigned int block);
};

struct writer {
	const struct method *method;
	unsigned int number;
	pid_t pid;
	int fd;
	char *data; /* buffer of one block */
	char *map;
	struct {
		int fd;
		unsigned int *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
		struct io_uring_sqe *sqes;
		struct io_uring_cqe *cqes;
	} ring;
	uint64_t acknowledged[BLOCKS], tried[BLOCKS];
	unsigned long writes, reads, failed;
};

static off_t offset_of(const struct writer *writer, unsigned int block)
{
	return ((off_t)writer->number * BLOCKS + block) * BLOCK;
}

static int done(ssize_t result)
{
	return result == BLOCK ? 0 : result < 0 ? errno : EIO;
}

static int open_direct(struct writer *writer)
{
	writer->fd = open(writer->method->disk, O_RDWR | O_DIRECT | O_CLOEXEC);
	return writer->fd < 0 ? errno : 0;
}

static int write_sync(struct writer *writer, unsigned int block)
{
	return done(pwrite(writer->fd, writer->data, BLOCK, offset_of(writer, block)));
}

static int read_sync(struct writer *writer, unsigned int block)
{
	return done(pread(writer->fd, writer->data, BLOCK, offset_of(writer, block)));
}

static int write_polled(struct writer *writer, unsigned int block)
{
	struct iovec data = { writer->data, BLOCK };

	return done(pwritev2(writer->fd, &data, 1, offset_of(writer, block), RWF_HIPRI));
}

static int read_polled(struct writer *writer, unsigned int block)
{
	struct iovec data = { writer->data, BLOCK };

	return done(preadv2(writer->fd, &data, 1, offset_of(writer, block), RWF_HIPRI));
}

static sigjmp_buf page_is_lost;

static void lose_page(int signal)
{
	siglongjmp(page_is_lost, signal);
}

static int open_mapped(struct writer *writer)
{
	int error = open_direct(writer);
	int fd = error ? -1 : open(writer->method->disk, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return error ? error : errno;
	signal(SIGBUS, lose_page);
	writer->map = mmap(NULL, BLOCKS * BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset_of(writer, 0));
	close(fd);
	return writer->map == MAP_FAILED ? errno : 0;
}

/*
 * MADV_POPULATE_WRITE reads the page first: a failing read is then an errno. But the page may be reclaimed
 * before it is written to, and a failing read is then a SIGBUS.
 */
static int write_mapped(struct writer *writer, unsigned int block)
{
	char *page = writer->map + (size_t)block * BLOCK;

	if (madvise(page, BLOCK, MADV_POPULATE_WRITE))
		return errno == EFAULT ? EIO : errno;
	if (sigsetjmp(page_is_lost, 1))
		return EIO;
	memcpy(page, writer->data, BLOCK);
	return msync(page, BLOCK, MS_SYNC) ? errno : 0;
}

static int open_buffered(struct writer *writer)
{
	writer->fd = open(writer->method->disk, O_RDWR | O_CLOEXEC);
	return writer->fd < 0 ? errno : 0;
}

static int write_buffered(struct writer *writer, unsigned int block)
{
	int error = write_sync(writer, block);

	return error ? error : fdatasync(writer->fd) ? errno : 0;
}

static int open_ring(struct writer *writer)
{
	struct io_uring_params params = {};
	char *sq, *cq;
	int fd = (int)syscall(__NR_io_uring_setup, 4, &params);

	if (fd < 0)
		return errno;
	sq = mmap(NULL, params.sq_off.array + params.sq_entries * sizeof(unsigned int), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQ_RING);
	cq = mmap(NULL, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_CQ_RING);
	writer->ring.sqes = mmap(NULL, params.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || writer->ring.sqes == MAP_FAILED)
		return errno;
	writer->ring.fd = fd;
	writer->ring.sq_tail = (unsigned int *)(sq + params.sq_off.tail);
	writer->ring.sq_mask = (unsigned int *)(sq + params.sq_off.ring_mask);
	writer->ring.sq_array = (unsigned int *)(sq + params.sq_off.array);
	writer->ring.cq_head = (unsigned int *)(cq + params.cq_off.head);
	writer->ring.cq_tail = (unsigned int *)(cq + params.cq_off.tail);
	writer->ring.cq_mask = (unsigned int *)(cq + params.cq_off.ring_mask);
	writer->ring.cqes = (struct io_uring_cqe *)(cq + params.cq_off.cqes);
	return open_direct(writer);
}

static int submit(struct writer *writer, unsigned int block, unsigned char opcode)
{
	unsigned int tail = *writer->ring.sq_tail, at = tail & *writer->ring.sq_mask, head = *writer->ring.cq_head;
	struct io_uring_sqe *sqe = &writer->ring.sqes[at];
	int result;

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = opcode;
	sqe->fd = writer->fd;
	sqe->addr = (uintptr_t)writer->data;
	sqe->len = BLOCK;
	sqe->off = (uint64_t)offset_of(writer, block);
	writer->ring.sq_array[at] = at;
	__atomic_store_n(writer->ring.sq_tail, tail + 1, __ATOMIC_RELEASE);
	while (syscall(__NR_io_uring_enter, writer->ring.fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		if (errno != EINTR && errno != EAGAIN)
			die("io_uring_enter: %s", strerror(errno));
	while (__atomic_load_n(writer->ring.cq_tail, __ATOMIC_ACQUIRE) == head)
		syscall(__NR_io_uring_enter, writer->ring.fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	result = writer->ring.cqes[head & *writer->ring.cq_mask].res;
	__atomic_store_n(writer->ring.cq_head, head + 1, __ATOMIC_RELEASE);
	return result == BLOCK ? 0 : result < 0 ? -result : EIO;
}

static int write_ring(struct writer *writer, unsigned int block)
{
	return submit(writer, block, IORING_OP_WRITE);
}

static int read_ring(struct writer *writer, unsigned int block)
{
	return submit(writer, block, IORING_OP_READ);
}

/* A disk that is powered off and on is opened for each access. */
static int open_later(struct writer *writer)
{
	(void)writer;
	return 0;
}

static int open_and(int (*access)(struct writer *writer, unsigned int block), struct writer *writer, unsigned int block)
{
	int error = open_direct(writer);
	uint64_t size = 0;

	if (error)
		return error;
	/*
	 * The file's device number may have gone to another disk before it was opened. Only /dev/cycled
	 * has this size; one that is gone has none.
	 */
	if (ioctl(writer->fd, BLKGETSIZE64, &size))
		error = errno;
	else if (size != CYCLED_SIZE)
		error = ENXIO;
	else
		error = access(writer, block);
	close(writer->fd);
	return error;
}

static int write_cycled(struct writer *writer, unsigned int block)
{
	return open_and(write_sync, writer, block);
}

static int read_cycled(struct writer *writer, unsigned int block)
{
	return open_and(read_sync, writer, block);
}

static const struct method cycled = { "power cycles", "/dev/cycled", open_later, write_cycled, read_cycled };

static const struct method *const methods[] = {
	&(const struct method){ "sync", "/dev/kept", open_direct, write_sync, read_sync },
	&(const struct method){ "polled", "/dev/kept", open_direct, write_polled, read_polled },
	&(const struct method){ "io_uring", "/dev/kept", open_ring, write_ring, read_ring },
	&(const struct method){ "mmap", "/dev/kept", open_mapped, write_mapped, read_sync },
	&(const struct method){ "buffered", "/dev/kept", open_buffered, write_buffered, read_sync },
	&cycled,
};

/* The I/O errors that actors cause, of all writers or of one. */
static const struct {
	int error;
	const char *cause;
	const struct method *method;
} expected[] = {
	{ EIO, "badblocks, fault_plan, fail_make_request" },
	{ ENODATA, "fault_plan (medium)" },
	{ ETIMEDOUT, "fault_plan (timeout), fail_io_timeout" },
	{ EAGAIN, "io.max, which delays I/O of io_uring that may not wait" },
	{ ENOMEM, "memory pressure, fragmentation, memory.high and memory.max" },
	{ ENOSPC, "the same, or a disk that is powered off while it is open and has no sectors left" },
	{ ENOENT, "a disk that is off", &cycled },
	{ ENXIO, "a disk that is powered off or on as it is opened", &cycled },
	{ ENODEV, "a disk that is powered off while it is open", &cycled },
};

/* Memory that the processes share. */
static struct {
	_Atomic int stopped;
	_Atomic unsigned long errors[ARRAY_SIZE(expected)];
	struct writer writers[ARRAY_SIZE(methods)];
} *shared;

/* Counts an expected I/O error; any other error ends the program. */
static void count(const struct writer *writer, int error)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(expected); i++) {
		if (expected[i].error == error && (!expected[i].method || expected[i].method == writer->method)) {
			shared->errors[i]++;
			return;
		}
	}
	die("%s: no actor explains '%s'", writer->method->name, strerror(error));
}

static void fill(struct writer *writer, unsigned int block)
{
	struct content *content = (struct content *)writer->data;

	for (size_t i = 0; i < BLOCK / sizeof(*content); i++)
		content[i] = (struct content){ writer->number, block, writer->tried[block], seed };
}

static void check(const struct writer *writer, unsigned int block)
{
	for (size_t at = 0; at < BLOCK; at += sizeof(struct content)) {
		struct content *content = (struct content *)(writer->data + at);
		uint64_t got = content->generation;

		if (!writer->acknowledged[block] && !got)
			continue;
		if (got < writer->acknowledged[block] || got > writer->tried[block] || content->block != block ||
		    content->writer != writer->number || content->seed != seed)
			die("LOST: %s, block %u, byte %zu: generation %llu of %llu to %llu, block %llu of writer %llu",
			    writer->method->name, block, at, (unsigned long long)got,
			    (unsigned long long)writer->acknowledged[block], (unsigned long long)writer->tried[block],
			    (unsigned long long)content->block, (unsigned long long)content->writer);
	}
}

static void write_and_read(struct writer *writer)
{
	struct random random = random_of(writer->number);
	int problem = writer->method->open(writer);

	if (problem)
		die("%s cannot begin: %s", writer->method->name, strerror(problem));
	while (!shared->stopped) {
		unsigned int block = (unsigned int)below(&random, BLOCKS);
		int error;

		if (below(&random, 2)) {
			writer->tried[block]++;
			fill(writer, block);
			error = writer->method->write(writer, block);
			writer->writes++;
			if (!error)
				writer->acknowledged[block] = writer->tried[block];
		} else {
			error = writer->method->read(writer, block);
			writer->reads++;
			if (!error)
				check(writer, block);
		}
		if (error) {
			writer->failed++;
			count(writer, error);
		}
	}
}

static void start(struct writer *writer, unsigned int number)
{
	pid_t pid;

	writer->method = methods[number];
	writer->number = number;
	writer->data = aligned_alloc(BLOCK, BLOCK);
	if (!writer->data)
		die("no memory");
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid) {
		writer->pid = pid;
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	write_and_read(writer);
	_exit(0);
}

/* Ends the program if the writer has failed. Waits until it ends, unless @options has WNOHANG. */
static void reap(const struct writer *writer, int options)
{
	int status = 0;

	if (waitpid(writer->pid, &status, options) < 0 || status)
		die("%s failed, with status %x", writer->method->name, (unsigned int)status);
}

static int put(const char *path, const char *text)
{
	return write_file(path, text, strlen(text));
}

/*
 * Serialises changes of queues and elevator, because of a bug in 6.12, which null_blk hits as well:
 * an elevator may be set while blk_mq_update_nr_hw_queues() runs, after its blk_mq_elv_switch_none()
 * has found none. The new hardware queues then have no sched_tags, and blk_mq_get_tag() oopses.
 * 7.3 holds update_nr_hwq_lock for both.
 */
static pthread_mutex_t queues_or_elevator = PTHREAD_MUTEX_INITIALIZER;

static int put_alone(const char *path, const char *text)
{
	int error;

	pthread_mutex_lock(&queues_or_elevator);
	error = put(path, text);
	pthread_mutex_unlock(&queues_or_elevator);
	return error;
}

static int queues(struct random *random)
{
	return put_alone(CONFIGFS "kept/submit_queues", below(random, 2) ? "1" : "2");
}

static int elevator(struct random *random)
{
	static const char *const names[] = { "none", "mq-deadline", "kyber", "bfq" };

	return put_alone("/sys/block/kept/queue/scheduler", names[below(random, ARRAY_SIZE(names))]);
}

/* Sets bad blocks, in half of the cases after the blocks that writers use, otherwise within these. */
static int bad_blocks(struct random *random)
{
	char text[64];
	unsigned long long first = below(random, 2) ? 65536 + below(random, 1000) :
				   below(random, ARRAY_SIZE(methods) * BLOCKS * (BLOCK / SECTOR));

	snprintf(text, sizeof(text), "+%llu-%llu", first, first + below(random, 16));
	if (below(random, 4))
		return put(CONFIGFS "kept/badblocks", text);
	return put(CONFIGFS "kept/badblocks", "-0-131071");
}

static int faults(struct random *random)
{
	static const char *const plans[] = {
		"\n", "\n", "write chance=20 ioerr always", "read chance=20 medium always",
		"any nth=100 timeout always\nwrite sectors=0-100 ioerr once",
	};

	return put(CONFIGFS "kept/fault_plan", plans[below(random, ARRAY_SIZE(plans))]);
}

static int statistics(struct random *random)
{
	return put(CONFIGFS "kept/stats", below(random, 2) ? "1" : "0");
}

static int fail_requests(struct random *random)
{
	put(DEBUG "fail_make_request/verbose", "0");
	put(DEBUG "fail_make_request/times", "-1");
	put("/sys/block/kept/make-it-fail", "1");
	return put(DEBUG "fail_make_request/probability", below(random, 2) ? "2" : "0");
}

static int fail_timeouts(struct random *random)
{
	put(DEBUG "fail_io_timeout/verbose", "0");
	put(DEBUG "fail_io_timeout/probability", "100");
	put("/sys/block/kept/queue/io_timeout", "1000");
	put("/sys/block/kept/io-timeout-fail", "1");
	return put(DEBUG "fail_io_timeout/times", below(random, 2) ? "1" : "0");
}

/*
 * Keeps CPUs from going offline or online while a disk is made: blk_mq_hctx_notify_dead() of 6.12 and
 * 7.3 can crash while any driver creates a queue.
 */
static pthread_rwlock_t cpus = PTHREAD_RWLOCK_INITIALIZER;

static int make_disk(const char *file, const char *value)
{
	int error;

	pthread_rwlock_rdlock(&cpus);
	error = put(file, value);
	pthread_rwlock_unlock(&cpus);
	return error;
}

static int other_disk(struct random *random)
{
	const char *memory = below(random, 2) ? "1" : "0", *zoned = below(random, 3) ? "0" : "1";
	int error;

	if (mkdir(CONFIGFS "other", 0755))
		return errno;
	put(CONFIGFS "other/size", "32");
	put(CONFIGFS "other/memory_backed", memory);
	put(CONFIGFS "other/zoned", zoned);
	put(CONFIGFS "other/zone_size", "4");
	put(CONFIGFS "other/irqmode", below(random, 2) ? "2" : "0");
	error = make_disk(CONFIGFS "other/power", "1");
	usleep((useconds_t)below(random, 200000));
	if (below(random, 2))
		put(CONFIGFS "other/power", "0");
	if (rmdir(CONFIGFS "other"))
		return errno;
	return error;
}

/* Powers a disk off under I/O and on again with another size of blocks; its data stay. */
static int power(struct random *random)
{
	int error = put(CONFIGFS "cycled/power", "0");

	usleep((useconds_t)below(random, 20000));
	put(CONFIGFS "cycled/blocksize", below(random, 2) ? "512" : "4096");
	put(CONFIGFS "cycled/irqmode", below(random, 2) ? "2" : "0");
	return make_disk(CONFIGFS "cycled/power", "1") ?: error;
}

static int unbind(struct random *random)
{
	int error = put(DRIVER "unbind", "cxxnull.0");

	usleep((useconds_t)below(random, 50000));
	if (make_disk(DRIVER "bind", "cxxnull.0"))
		die("cxxnull.0 cannot be bound again");
	return error;
}

static int hotplug(struct random *random)
{
	const char *online = below(random, 2) ? "0" : "1";
	int error;

	pthread_rwlock_wrlock(&cpus);
	error = put(CPU1, online);
	pthread_rwlock_unlock(&cpus);
	return error;
}

/* Held by the user of much memory: two at once would bring the OOM killer. */
static pthread_mutex_t memory_is_short = PTHREAD_MUTEX_INITIALIZER;

static int pressure(struct random *random)
{
	size_t size = (64 + below(random, 192)) << 20;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return errno;
	pthread_mutex_lock(&memory_is_short);
	for (size_t at = 0; at < size && !shared->stopped; at += BLOCK)
		memory[at] = 1;
	put("/proc/sys/vm/compact_memory", "1");
	put("/proc/sys/vm/drop_caches", "3");
	munmap(memory, size);
	pthread_mutex_unlock(&memory_is_short);
	return 0;
}

/* Keeps memory fragmented for up to 2 s, and has the kernel compact it before and after its end. */
static int fragment(struct random *random)
{
	int error = EIO;
	char pid[16], line[16];
	FILE *said;

	pthread_mutex_lock(&memory_is_short);
	said = popen("echo $$; exec /fragment 96", "re");
	if (said && fgets(pid, sizeof(pid), said)) {
		if (fgets(line, sizeof(line), said))
			error = 0;
		usleep((useconds_t)below(random, 2000000));
		put("/proc/sys/vm/compact_memory", "1");
		kill(atoi(pid), SIGKILL);
	}
	if (said)
		pclose(said);
	put("/proc/sys/vm/compact_memory", "1");
	pthread_mutex_unlock(&memory_is_short);
	return error;
}

static int unload(struct random *random)
{
	(void)random;
	if (!syscall(SYS_delete_module, "cxxnull", O_NONBLOCK))
		die("the module could be unloaded");
	return errno == EBUSY || errno == EWOULDBLOCK ? 0 : errno;
}

/* Reads and writes a disk that other actors create and remove. */
static int noise(struct random *random)
{
	static char data[1 << 16] __attribute__((aligned(BLOCK)));
	int fd = open(below(random, 2) ? "/dev/other" : "/dev/cxxnullb0", O_RDWR | O_DIRECT | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return errno;
	for (uint64_t i = below(random, 64); i-- && !error;) {
		/* In front of what the writer of /dev/cycled uses, to which the number may have gone. */
		off_t at = (off_t)below(random, 256) * (off_t)sizeof(data);

		if ((below(random, 2) ? pread(fd, data, sizeof(data), at) : pwrite(fd, data, sizeof(data), at)) < 0)
			error = errno;
	}
	close(fd);
	return error;
}

/* Moves a writer into the cgroup or out of it. */
static int move(struct random *random)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", shared->writers[below(random, ARRAY_SIZE(methods))].pid);
	return put(below(random, 2) ? CGROUP "cgroup.procs" : CGROUPS "cgroup.procs", pid);
}

/* Sets small limits only as memory.high, which delays writers: with a small memory.max the OOM killer ends them. */
static int limit_memory(struct random *random)
{
	int is_high = (int)below(random, 2);
	char text[16];

	snprintf(text, sizeof(text), "%dK", (is_high ? 64 : 2048) + (int)below(random, 1000));
	return put(is_high ? CGROUP "memory.high" : CGROUP "memory.max", text);
}

static int limit_io(struct random *random)
{
	struct stat kept;
	char text[64];
	int rate = 20 + (int)below(random, 500);

	if (stat("/dev/kept", &kept))
		return errno;
	snprintf(text, sizeof(text), below(random, 2) ? "%u:%u riops=%d wiops=%d" : "%u:%u riops=max wiops=max",
		 major(kept.st_rdev), minor(kept.st_rdev), rate, rate);
	return put(CGROUP "io.max", text);
}

/*
 * Always sets a limit, if not of less than the two CPUs: the kernel patches its code for the first limit and when
 * none is left, and QEMU 7.2 may still run a breakpoint that is gone.
 */
static int limit_cpu(struct random *random)
{
	return put(CGROUP "cpu.max", below(random, 2) ? "2000 20000" : "40000 20000");
}

static int freeze(struct random *random)
{
	int error = put(CGROUP "cgroup.freeze", "1");

	usleep((useconds_t)below(random, 200000));
	put(CGROUP "cgroup.freeze", "0");
	return error;
}

/* Begins to suspend the machine: the kernel freezes all tasks, may suspend all devices, and undoes both. */
static int begin_suspend(struct random *random)
{
	int error = put(POWER "pm_test", below(random, 2) ? "freezer" : "devices");

	put("/sys/module/suspend/parameters/pm_test_delay", "0");
	return error ? error : put(POWER "state", below(random, 2) ? "mem" : "freeze");
}

struct actor {
	const char *name;
	int (*act)(struct random *random);
	unsigned int pause; /* longest pause between two actions, ms */
	const char *file; /* that kernels may lack; the actor does nothing there */
	unsigned long done, refused;
	int last;
};

static struct actor actors[] = {
	{ "submit_queues", queues, 300 }, { "elevator", elevator, 300 }, { "badblocks", bad_blocks, 20 },
	{ "fault_plan", faults, 100 }, { "stats", statistics, 50 },
	{ "fail_make_request", fail_requests, 500, DEBUG "fail_make_request" },
	{ "fail_io_timeout", fail_timeouts, 2000, DEBUG "fail_io_timeout" },
	{ "mkdir, power, rmdir", other_disk, 100 }, { "power cycles", power, 300 }, { "unbind, bind", unbind, 300 },
	{ "CPU hotplug", hotplug, 1000, CPU1 }, { "memory pressure", pressure, 2000 },
	{ "rmmod", unload, 200 }, { "I/O on disks that go", noise, 5 }, { "fragmentation", fragment, 5000 },
	{ "move to a cgroup", move, 100, CGROUP "cgroup.procs" },
	{ "memory.high, memory.max", limit_memory, 300, CGROUP "memory.max" },
	{ "io.max", limit_io, 300, CGROUP "io.max" }, { "cpu.max", limit_cpu, 300, CGROUP "cpu.max" },
	{ "cgroup.freeze", freeze, 1000, CGROUP "cgroup.freeze" },
	{ "suspend", begin_suspend, 8000, POWER "pm_test" },
};

static int can_act(const struct actor *actor)
{
	return !actor->file || !access(actor->file, F_OK);
}

static void *act(void *argument)
{
	struct actor *actor = argument;
	struct random random = random_of((unsigned int)(ARRAY_SIZE(methods) + (size_t)(actor - actors)));

	while (!shared->stopped) {
		int error = actor->act(&random);

		if (error) {
			actor->refused++;
			actor->last = error;
		} else {
			actor->done++;
		}
		for (uint64_t ms = below(&random, actor->pause), step; ms && !shared->stopped; ms -= step) {
			step = ms < 100 ? ms : 100;
			usleep((useconds_t)step * 1000);
		}
	}
	return NULL;
}

static void calm(void)
{
	put(CONFIGFS "kept/badblocks", "-0-131071");
	put(CONFIGFS "kept/fault_plan", "\n");
	put(DEBUG "fail_make_request/probability", "0");
	put(DEBUG "fail_io_timeout/times", "0");
	put(CPU1, "1");
	put(CONFIGFS "cycled/power", "1");
}

/* Returns a value of /proc/meminfo, in kB. */
static unsigned long of_memory(const char *name)
{
	char line[128];
	size_t length = strlen(name);
	unsigned long value = 0;
	FILE *file = fopen("/proc/meminfo", "re");

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, length) && line[length] == ':')
			value = strtoul(line + length + 1, NULL, 10);
	if (file)
		fclose(file);
	return value;
}

/* Returns the kB of pages that no line of /proc/meminfo has, such as those that a driver allocates for data. */
static unsigned long other_pages(void)
{
	static const char *const known[] = {
		"MemFree", "Buffers", "Cached", "SwapCached", "AnonPages", "Slab", "KernelStack", "PageTables", "Percpu",
	};
	unsigned long pages = of_memory("MemTotal");

	for (unsigned int i = 0; i < ARRAY_SIZE(known); i++)
		pages -= of_memory(known[i]);
	return pages;
}

int main(int argc, char **argv)
{
	pthread_t threads[ARRAY_SIZE(actors)];
	unsigned int nr = 0;
	int seconds, error;

	if (argc != 3) {
		fprintf(stderr, "usage: chaos SEED SECONDS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	seed = strtoull(argv[1], NULL, 0);
	seconds = atoi(argv[2]);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (shared == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	for (unsigned int i = 0; i < ARRAY_SIZE(methods); i++)
		start(&shared->writers[i], i);
	for (unsigned int i = 0; i < ARRAY_SIZE(actors); i++) {
		if (can_act(&actors[i]))
			pthread_create(&threads[nr++], NULL, act, &actors[i]);
		else
			printf("%s: this kernel has no %s\n", actors[i].name, actors[i].file);
	}
	for (int second = 0; second < seconds; second += 5) {
		sleep(5);
		for (unsigned int i = 0; i < ARRAY_SIZE(methods); i++)
			reap(&shared->writers[i], WNOHANG);
		printf("memory %d %lu %lu %lu\n", second + 5, of_memory("SUnreclaim"), of_memory("Percpu"), other_pages());
	}
	shared->stopped = 1;
	calm();
	for (unsigned int i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	calm();

	for (unsigned int i = 0; i < ARRAY_SIZE(methods); i++) {
		struct writer *writer = &shared->writers[i];

		reap(writer, 0);
		error = open_direct(writer);
		if (error)
			die("%s cannot be opened: %s", writer->method->disk, strerror(error));
		for (unsigned int block = 0; block < BLOCKS; block++) {
			error = read_sync(writer, block);
			if (error)
				die("%s: block %u cannot be read in the end: %s", writer->method->name, block, strerror(error));
			check(writer, block);
		}
		printf("%s: %lu writes, %lu reads, %lu failed\n", writer->method->name, writer->writes, writer->reads,
		       writer->failed);
		if (!writer->writes || !writer->reads)
			die("%s did nothing", writer->method->name);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(actors); i++)
		if (can_act(&actors[i]))
			printf("%s: %lu done, %lu refused%s%s\n", actors[i].name, actors[i].done, actors[i].refused,
			       actors[i].last ? ", the last: " : "", actors[i].last ? strerror(actors[i].last) : "");
	for (unsigned int i = 0; i < ARRAY_SIZE(expected); i++)
		printf("I/O ended with '%s': %lu, expected of %s\n", strerror(expected[i].error), shared->errors[i],
		       expected[i].cause);
	for (unsigned int i = 0; i < ARRAY_SIZE(actors); i++)
		if (seconds >= LONG_ENOUGH && can_act(&actors[i]) && !actors[i].done)
			die("%s did nothing", actors[i].name);
	printf("0 lost of %u blocks, %d s, seed %llu\n", (unsigned int)(BLOCKS * ARRAY_SIZE(methods)), seconds,
	       (unsigned long long)seed);
	return 0;
}
