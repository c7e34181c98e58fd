// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz SEED COUNT MODULE - sends random input to each interface of the driver
 *
 * Loads MODULE with random parameters, creates a disk through configfs, and writes to its attributes and
 * to its file in debugfs: random bytes, numbers near limits, and words that the parsers know. Powers the
 * disk on and off, and sends I/O, discards, zone operations and ioctls with random arguments. The same
 * seed gives the same input. Exit status 1 if an operation fails with an unexpected errno, if no line in
 * the log explains why a value is invalid, if a file cannot be read, or if a disk with sensible settings
 * does not keep data.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <linux/blkzoned.h>
#include <linux/fs.h>
#include <linux/hdreg.h>
#include <linux/pr.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "guest.h"

#define GROUP CONFIGFS "fuzzed"
#define DISK "/dev/fuzzed"
#define STATS DEBUG "cxxnull/fuzzed/stats"

/* Constants in the limits of attributes.def. A guest has two CPUs, in one node. */
enum { KXX_SECTOR_SHIFT = 9, KXX_PAGE_SIZE = 4096, KXX_BLK_MAX_BLOCK_SIZE = 65536, KXX_BLK_MQ_MAX_DEPTH = 10240 };
#define nr_cpu_ids() 2
#define nr_online_nodes() 1

/* The driver's settings that are numbers, with their limits; an attribute or a parameter may be missing. */
static const struct limits {
	const char *attribute, *parameter;
	uint64_t min, max;
} limits[] = {
#define CXXNULL_PARAM(name, type, default, rule, min, max, unit, text) { NULL, #name, min, max },
#define CXXNULL_ATTR(name, type, default, rule, min, max, when, unit, text) { #name, NULL, min, max },
#define CXXNULL_SETTING(name, type, param, param_type, default, rule, min, max, when, unit, text) \
	{ #name, #param, min, max },
#include "../../src/cxxnull/attributes.def"
};

static const char *module;
static char names[64][256];
static unsigned int nr_names;
static unsigned long errors[256], powered, loads;
static uint64_t state;
static int kmsg;

static uint64_t next(void)
{
	return xorshift(&state);
}

static uint64_t below(uint64_t limit)
{
	return next() % limit;
}

/* Returns a number near one of the limits @of. */
static uint64_t near_limit(const struct limits *of)
{
	return (below(4) ? of->max : of->min) + below(3) - 1;
}

/* Returns a small number, a number near a power of two or near a limit of any setting, or any number. */
static uint64_t number(void)
{
	switch (below(5)) {
	case 0:
		return below(20);
	case 1:
		return (1ull << below(64)) + below(3) - 1;
	case 2:
		return below(5000);
	case 3:
		return near_limit(&limits[below(ARRAY_SIZE(limits))]);
	default:
		return next();
	}
}

/* Returns a number, in half of the cases near a limit of the attribute @name, if that is a number. */
static uint64_t number_for(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (limits[i].attribute && !strcmp(limits[i].attribute, name))
			return below(2) ? near_limit(&limits[i]) : number();
	return number();
}

static const char *const words[] = {
	"read", "write", "discard", "flush", "zone_append", "zone_reset", "any", "nth=", "sectors=", "chance=",
	"ioerr", "medium", "timeout", "nospc", "target", "offline", "once", "always", "constant", "uniform",
	"normal", "bimodal", "+", "-", " ", "  ", "\n", "\t", "0x", "-1", "%s", "%n", "y", "off", ",", "=",
};

static const char *word(void)
{
	return words[below(ARRAY_SIZE(words))];
}

/*
 * Writes a line in the syntax of a parser, that of badblocks for that attribute. A word may be wrong, a number too
 * large, too small or too long.
 */
static size_t sentence(const char *name, char *to, size_t size)
{
	static const char *const ops[] = { "read", "write", "discard", "flush", "any" };
	static const char *const ends[] = { "ioerr", "medium", "timeout", "nospc" };
	unsigned long long a = number(), b = number(), c = number();
	const char *op = below(8) ? ops[below(ARRAY_SIZE(ops))] : word();
	const char *end = below(8) ? ends[below(ARRAY_SIZE(ends))] : word();
	int width = below(8) ? 1 : (int)below(300);
	const char *often = below(2) ? "once" : below(4) ? "always" : word();

	switch (strcmp(name, "badblocks") ? below(8) : 6) {
	case 0:
		return (size_t)snprintf(to, size, "%s nth=%0*llu %s %s\n", op, width, a, end, often);
	case 1:
		return (size_t)snprintf(to, size, "%s sectors=%0*llu-%llu %s %s\n", op, width, a, b, end, often);
	case 2:
		return (size_t)snprintf(to, size, "%s chance=%0*llu %s\n", op, width, a, end);
	case 3:
		return (size_t)snprintf(to, size, "uniform %0*llu %llu", width, a, b);
	case 4:
		return (size_t)snprintf(to, size, "normal %0*llu %llu", width, a, b);
	case 5:
		return (size_t)snprintf(to, size, "bimodal %0*llu %llu %llu", width, a, b, c);
	default:
		return (size_t)snprintf(to, size, "%c%0*llu-%llu", below(2) ? '+' : '-', width, a,
					below(2) ? b : a + below(100));
	}
}

/* Writes text for the attribute @name. */
static size_t text(const char *name, char *to, size_t size)
{
	size_t length = 0;
	uint64_t parts = 1 + below(12);

	switch (below(8)) {
	case 0:
		/* The length may exceed the limit of configfs, a page. */
		length = below(size);
		for (size_t i = 0; i < length; i++)
			to[i] = (char)next();
		return length;
	case 1:
	case 2:
	case 3:
		return (size_t)snprintf(to, size, below(8) ? "%llu" : "-%llu",
					(unsigned long long)number_for(name));
	case 4:
	case 5:
		for (parts = below(2) ? 1 : below(20); parts && length < 4000; parts--)
			length += sentence(name, to + length, size - length);
		return length;
	}
	while (parts--) {
		if (below(3))
			length += (size_t)snprintf(to + length, size - length, "%s", word());
		else
			length += (size_t)snprintf(to + length, size - length, "%llu", (unsigned long long)number());
		if (below(2))
			to[length++] = ' ';
	}
	return length;
}

static void fail(const char *what, const char *name, int error)
{
	printf("%s of %s: %s\n", what, name, strerror(error));
	exit(1);
}

static const char *path_of(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), GROUP "/%s", name);
	return path;
}

/* Returns 0 or an errno. */
static int put(const char *name, const char *what, size_t length)
{
	return write_file(path_of(name), what, length);
}

static long long value_of(const char *name)
{
	static char content[1 << 16];
	int fd = open(path_of(name), O_RDONLY);
	ssize_t got;

	if (fd < 0)
		return -1;
	got = read(fd, content, sizeof(content) - 1);
	if (got < 0)
		fail("reading", name, errno);
	close(fd);
	content[got] = 0;
	return atoll(content);
}

/* Returns whether the driver has logged a line since kmsg was moved to the log's end. */
static bool logged(void)
{
	static char record[8192];
	ssize_t got;

	/* EPIPE: the ring buffer has overwritten the next line */
	while ((got = read(kmsg, record, sizeof(record) - 1)) > 0 || errno == EPIPE) {
		record[got > 0 ? got : 0] = 0;
		if (strstr(record, ";cxxnull: "))
			return true;
	}
	return false;
}

/* Checks that a line in the log explains why @what is invalid. */
static void check_log(const char *name, const char *what, size_t length, int error)
{
	if (logged())
		return;
	printf("%.*s\n", (int)length, what);
	fail("no line in the log explains a write", name, error);
}

static void attribute(void)
{
	static char what[8192];
	const char *name = names[below(nr_names)];
	size_t length = text(name, what, sizeof(what) - 256);
	int error;

	what[length] = 0;
	lseek(kmsg, 0, SEEK_END);
	error = put(name, what, length);
	/* configfs fails an empty write with EFAULT: findings/linux-configfs-write-of-nothing.sh */
	if (error == EFAULT && !length)
		error = EINVAL;
	else if (error == EINVAL || error == ERANGE)
		check_log(name, what, length, error);
	switch (error) {
	case 0:
	case EINVAL:
	case ERANGE:
	case EBUSY:
	case ENOMEM:
	case EACCES:
	case EPERM:
	case ENOSPC: /* the list of badblocks is full */
		errors[error]++;
		return;
	}
	fail("writing", name, error);
}

/* Powers the disk on, with a short I/O timeout: some injected faults end only by the timeout. */
static int power_on(void)
{
	int error = put("power", "1", 1), file = write_file("/sys/block/fuzzed/queue/io_timeout", "100", 3);

	if (file && file != ENOENT)
		fail("writing", "io_timeout", file);
	return error;
}

/* Powers the disk off and writes valid settings: random ones rarely make a valid disk. */
static void settle(int zoned)
{
	static const char *const settings[][2] = {
		{ "size", "64" }, { "blocksize", "512" }, { "submit_queues", "1" }, { "irqmode", "0" },
		{ "mbps", "0" }, { "hw_queue_depth", "64" }, { "zone_size", "4" }, { "zone_capacity", "0" },
		{ "memory_backed", "1" }, { "zone_nr_conv", "1" }, { "cache_size", "0" }, { "virt_boundary", "0" },
		{ "shared_tags", "0" }, { "poll_queues", "0" }, { "fault_plan", "" }, { "max_sectors", "0" },
		{ "queue_mode", "2" },
	};

	put("power", "0", 1);
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		put(settings[i][0], settings[i][1], strlen(settings[i][1]));
	put("badblocks", "-0-18446744073709551614", strlen("-0-18446744073709551614"));
	put("zoned", zoned ? "1" : "0", 1);
}

static void read_all(void)
{
	for (unsigned int i = 0; i < nr_names; i++)
		if (strcmp(names[i], "zone_readonly") && strcmp(names[i], "zone_offline"))
			value_of(names[i]);
}

/* Returns the address of a page that no process may access, after a page that this one may. */
static char *barrier(void)
{
	static char *pages;

	if (!pages) {
		pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (pages == MAP_FAILED || mprotect(pages + 4096, 4096, PROT_NONE))
			fail("mapping", "two pages", errno);
	}
	return pages + 4096;
}

/* Returns @valid, or in one of 8 cases a pointer that ioctl() must refuse. */
static void *argument(void *valid)
{
	switch (below(32)) {
	case 0:
		return NULL;
	case 1:
		return barrier();
	case 2:
		return barrier() - 8; /* the argument's first 8 bytes are there */
	case 3:
		return (void *)-4096;
	default:
		return valid;
	}
}

static void zones(int fd)
{
	static const unsigned long commands[] = { BLKRESETZONE, BLKOPENZONE, BLKCLOSEZONE, BLKFINISHZONE };
	struct blk_zone_range range = { number(), number() };
	/* The kernel must stop a long report at the end of the page. */
	struct blk_zone_report *report = (void *)(barrier() - 4096);
	uint64_t bytes = 0;

	ioctl(fd, commands[below(ARRAY_SIZE(commands))], argument(&range));
	ioctl(fd, BLKGETSIZE64, &bytes);
	report->sector = below(2) ? number() : bytes / 512 + below(3) - 1;
	report->nr_zones = (unsigned int)(below(2) ? below(65) : number());
	if (report->sector >= bytes / 512 && !ioctl(fd, BLKREPORTZONE, report) && report->nr_zones)
		fail("reporting zones beyond the end", DISK, 0);
	ioctl(fd, BLKREPORTZONE, argument(report));
}

/* Sends ioctls that the driver does not support. */
static void unsupported(int fd)
{
	static const unsigned long commands[] = {
		HDIO_GETGEO, IOC_PR_REGISTER, IOC_PR_RESERVE, IOC_PR_RELEASE, IOC_PR_PREEMPT, IOC_PR_PREEMPT_ABORT,
		IOC_PR_CLEAR,
	};
	uint64_t what[8];

	for (size_t i = 0; i < ARRAY_SIZE(what); i++)
		what[i] = number();
	if (!ioctl(fd, commands[below(ARRAY_SIZE(commands))], argument(what)))
		fail("an unsupported ioctl", DISK, 0);
}

static void io(void)
{
	static char data[1 << 16] __attribute__((aligned(4096)));
	uint64_t range[8] = { number(), number() };
	unsigned long command;
	/* Skip disks with a timer or a bandwidth limit: an I/O might take an hour. */
	int fd = value_of("irqmode") == 2 || value_of("mbps") ? -1 : open(DISK, O_RDWR | O_DIRECT | O_NONBLOCK);

	if (fd < 0)
		return;
	switch (below(7)) {
	case 0:
		ioctl(fd, BLKDISCARD, argument(range));
		break;
	case 1:
		range[1] = below(1 << 20) & ~511ull;
		ioctl(fd, BLKZEROOUT, argument(range));
		break;
	case 2:
		zones(fd);
		break;
	case 3:
		/* Most of the block layer's ioctls have no size and direction in their number. */
		command = (next() & (below(2) ? 0xff : 0xffff00ff)) | 0x1200;
		range[1] = below(1 << 20) & ~511ull;
		/* Skip blktrace: it tries to allocate any size, and logs a warning. */
		if ((command & 0xff) < 115 || (command & 0xff) > 118)
			ioctl(fd, command, argument(range));
		break;
	case 4:
		unsupported(fd);
		break;
	default:
		range[0] = number();
		if (below(2))
			range[0] &= ~4095ull;
		if (below(2))
			errors[pread(fd, data, below(sizeof(data)) & ~511ull, (off_t)range[0]) < 0 ? errno : 0]++;
		else
			errors[pwrite(fd, data, below(sizeof(data)) & ~511ull, (off_t)range[0]) < 0 ? errno : 0]++;
	}
	close(fd);
}

/* Checks that a disk with sensible settings still keeps data, after all the random input. */
static void serve(void)
{
	static char data[1 << 16] __attribute__((aligned(4096))), back[sizeof(data)] __attribute__((aligned(4096)));
	int fd, error;

	settle(0);
	error = power_on();
	if (error)
		fail("switching on", "a disk with sensible settings", error);
	fd = open(DISK, O_RDWR | O_DIRECT);
	if (fd < 0)
		fail("opening", DISK, errno);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)next();
	if (pwrite(fd, data, sizeof(data), 1 << 20) != sizeof(data) || fsync(fd))
		fail("writing", DISK, errno);
	if (pread(fd, back, sizeof(back), 1 << 20) != sizeof(back))
		fail("reading", DISK, errno);
	close(fd);
	if (memcmp(data, back, sizeof(data)))
		fail("reading back", DISK, EIO);
	put("power", "0", 1);
	if (value_of("power"))
		fail("switching off", "power", EBUSY);
}

/* Returns 0 or an errno. */
static int load(const char *parameters)
{
	int error = load_module(module, parameters);

	errors[error]++;
	loads++;
	return error;
}

static void unload(void)
{
	int error = unload_module();

	if (error)
		fail("unloading", module, error);
}

/* Writes the value of a parameter that is a string: random bytes, a long word, or settings of fault injection. */
static size_t string(char *to, size_t size)
{
	size_t length = 0;

	switch (below(4)) {
	case 0:
		for (uint64_t bytes = below(100); length < bytes; length++)
			to[length] = (char)(1 + below(255));
		break;
	case 1:
		length = below(2) ? 70 + below(20) : below(size); /* the string of a parameter has 80 bytes */
		memset(to, 'x', length);
		break;
	default:
		/* <interval>,<probability>,<space>,<times>; one field may be wrong, missing, or too many */
		for (uint64_t fields = below(4) ? 4 : below(6); fields; fields--) {
			long long field = below(2) ? (long long)below(120) - 1 : (long long)number();

			length += (size_t)snprintf(to + length, size - length, below(16) ? "%s%lld" : "%s%llx",
						   length ? "," : "", field);
		}
	}
	to[length] = 0;
	return length;
}

/* Writes " NAME=VALUE", with the name of any parameter except nr_devices. */
static size_t parameter(char *to, size_t size)
{
	static const char *const strings[] = {
#define CXXNULL_FAULT(name, group, text) #name,
#include "../../src/cxxnull/attributes.def"
		"nonsense",
	};
	const struct limits *of = &limits[below(ARRAY_SIZE(limits))];
	bool is_string = !below(3) || !of->parameter || !strcmp(of->parameter, "nr_devices");
	const char *name = is_string ? strings[below(ARRAY_SIZE(strings))] : of->parameter;
	size_t length = (size_t)snprintf(to, size, " %s=", name);

	if (is_string == !!below(16))
		length += string(to + length, size - length);
	else
		length += (size_t)snprintf(to + length, size - length, below(8) ? "%llu" : "-%llu",
					   (unsigned long long)(below(2) ? near_limit(of) : number()));
	/* A request that times out, or is requeued again and again, would delay init: create no disk. */
	if (is_string && strcmp(name, "init_hctx"))
		length += (size_t)snprintf(to + length, size - length, " nr_devices=0");
	return length;
}

/* Loads the module with random parameters, and then without a disk. */
static void parameters(void)
{
	static char line[1 << 16];
	size_t length = (size_t)snprintf(line, sizeof(line), "nr_devices=%llu", (unsigned long long)below(4));
	int error;

	for (uint64_t i = below(6); i; i--)
		length += parameter(line + length, 8192);
	rmdir(GROUP);
	unload();
	error = load(line);
	if (!error)
		unload();
	else if (unload_module() != ENOENT)
		fail("unloading after a failed load", module, error);
	error = load("nr_devices=0");
	if (error)
		fail("loading", module, error);
	if (mkdir(GROUP, 0755))
		fail("making", GROUP, errno);
}

static void debug(void)
{
	char what[4096];
	int fd = open(STATS, O_RDWR);

	if (fd < 0)
		return;
	if (write(fd, what, text("stats", what, sizeof(what) - 256)) >= 0)
		fail("writing, which cannot be done,", STATS, 0);
	if (read(fd, what, sizeof(what)) < 0)
		fail("reading", STATS, errno);
	close(fd);
}

static void one(void)
{
	switch (below(16)) {
	case 0:
		if (below(4))
			settle(below(2));
		powered += !power_on();
		break;
	case 1:
		put("power", "0", 1);
		if (!below(8))
			parameters();
		break;
	case 2:
	case 3:
	case 4:
		io();
		break;
	case 5:
		if (below(8))
			debug();
		else
			read_all();
		break;
	default:
		attribute();
	}
}

int main(int argc, char **argv)
{
	unsigned long count;
	struct dirent *entry;
	DIR *folder;
	int error;

	if (argc != 4) {
		fprintf(stderr, "usage: fuzz SEED COUNT MODULE\n");
		return 2;
	}
	state = strtoull(argv[1], NULL, 0) * 0x9e3779b97f4a7c15ull | 1;
	count = strtoul(argv[2], NULL, 0);
	module = argv[3];
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (kmsg < 0)
		fail("opening", "/dev/kmsg", errno);
	error = load("nr_devices=0");
	if (error)
		fail("loading", module, error);
	folder = mkdir(GROUP, 0755) ? NULL : opendir(GROUP);
	if (!folder)
		fail("making", GROUP, errno);
	while ((entry = readdir(folder)) && nr_names < ARRAY_SIZE(names))
		if (entry->d_type == DT_REG)
			snprintf(names[nr_names++], sizeof(names[0]), "%s", entry->d_name);
	closedir(folder);

	for (unsigned long i = 0; i < count; i++)
		one();
	serve();
	if (rmdir(GROUP))
		fail("removing", GROUP, errno);
	unload();
	if (!powered)
		fail("switching on, even once,", GROUP, EINVAL);
	printf("seed %s: %lu inputs, switched on %lu times, loaded %lu times;", argv[1], count, powered, loads);
	for (error = 0; error < 256; error++)
		if (errors[error])
			printf(" %s: %lu", error ? strerror(error) : "taken", errors[error]);
	puts("");
	return 0;
}
