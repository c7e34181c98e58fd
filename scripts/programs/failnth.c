// SPDX-License-Identifier: GPL-2.0
/*
 * failnth MODULE SAMPLES - lets each allocation of each operation fail once, in turn
 *
 * Loads MODULE, creates a disk of each kind through configfs, writes its attributes, uses and removes
 * it. Each operation is repeated, and each time the next allocation fails (/proc/thread-self/fail-nth),
 * until no allocation is left. The operation must either succeed or fail with ENOMEM or its other
 * allowed errno; after a failure it must succeed when repeated without a fault. If an operation
 * has more than SAMPLES allocations, about SAMPLES of them fail, evenly spaced. With SAMPLES 0 all of
 * them fail, except that only about 100 of the kernel's own allocations to load a module do. Prints the
 * allocations and failures of each operation. Exit status 1 at the first operation that misbehaves.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <linux/blkzoned.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "guest.h"

#define GROUP CONFIGFS "disk"
#define ZONE (4ull << 20)
#define MOST 1000000u
/* Set to 0 for each disk: with two types of queues, a failing blk_mq_register_hctx() leaks memory. */
#define ONE_TYPE "poll_queues"

/* An operation; its functions return 0, or -1 and set errno. */
struct step {
	const char *name;
	int (*run)(void);
	int (*undo)(void); /* reverts a success, before the operation is repeated */
	int also;	   /* allowed errno besides ENOMEM */
	int none;	   /* the operation need not allocate anything */
	int writes;	   /* writes to memory: ENOSPC and ETIMEDOUT are allowed as well */
};

static const char *module;
static const char *kind = "module";
static const char *name;
static int fail_nth;
static int disk = -1;
static unsigned int samples;
static char data[1 << 16] __attribute__((aligned(4096)));

static void die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("%s: %s: ", kind, name);
	vprintf(format, arguments);
	puts("");
	exit(1);
}

static void set_nth(unsigned int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_nth, text, (size_t)length, 0) != length)
		die("fail-nth takes no %u: %s", n, strerror(errno));
}

/* Returns how many allocations remain until one fails; 0 if one has failed. */
static unsigned int left(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 0)
		die("fail-nth cannot be read: %s", strerror(errno));
	return (unsigned int)strtoul(text, NULL, 10);
}

/* Runs @step with allocation @nth failing; returns the errno, and left() in @remaining. */
static int attempt(const struct step *step, unsigned int nth, unsigned int *remaining)
{
	int error;

	set_nth(nth);
	error = step->run() ? errno : 0;
	*remaining = left();
	set_nth(0);
	return error;
}

/* Checks @step with allocation @nth failing; returns 0 if @step has fewer allocations. */
static int fails(const struct step *step, unsigned int nth, unsigned int *failures)
{
	unsigned int remaining;
	int error = attempt(step, nth, &remaining);

	if (error && remaining)
		die("ends with '%s' though nothing failed", strerror(error));
	if (error && error != ENOMEM && error != step->also &&
	    !(step->writes && (error == ENOSPC || error == ETIMEDOUT)))
		die("ends with '%s' when allocation %u fails", strerror(error), nth);
	if (error && step->run())
		die("ends with '%s' after allocation %u failed the last time", strerror(errno), nth);
	*failures += error != 0;
	if (!remaining && step->undo && step->undo())
		die("cannot be undone after allocation %u failed: %s", nth, strerror(errno));
	return !remaining;
}

static void begin(const struct step *step)
{
	FILE *log = fopen("/dev/kmsg", "we");

	name = step->name;
	if (!log)
		die("no /dev/kmsg: %s", strerror(errno));
	fprintf(log, "failnth: %s: %s", kind, name);
	fclose(log);
}

static void in_turn(const struct step *step, unsigned int most)
{
	unsigned int sites, stride, tried = 0, failures = 0;

	begin(step);
	if (attempt(step, MOST, &sites) || (step->undo && step->undo()))
		die("%s", strerror(errno));
	sites = MOST - sites;
	stride = most && sites > most ? sites / most : 1;
	for (unsigned int nth = 1 + stride / 2; fails(step, nth, &failures); nth += stride)
		tried++;
	printf("%-14s %-28s %6u sites %6u tried %6u failures\n", kind, name, sites, tried, failures);
	fflush(stdout);
	if (!tried && !step->none)
		die("has no allocation to fail");
}

static int result(int error)
{
	errno = error;
	return error ? -1 : 0;
}

static int put_file(const char *path, const char *what)
{
	return result(write_file(path, what, strlen(what)));
}

static int put(const char *attribute, const char *what)
{
	char path[256];

	snprintf(path, sizeof(path), GROUP "/%s", attribute);
	return put_file(path, what);
}

/*
 * Restricts faults by the stack of the allocation: with @what "require" only callees of @symbol
 * fail, with "reject" all others. "require" with @symbol NULL removes its restriction.
 */
static void filter(const char *what, const char *symbol)
{
	static const char *const folders[] = { DEBUG "failslab", DEBUG "fail_page_alloc" };
	unsigned long long start = 0, end = ~0ull, address;
	char line[512], function[256], path[128], text[32];
	FILE *symbols = symbol ? fopen("/proc/kallsyms", "re") : NULL;

	for (int pass = 0; symbols && pass < 2; pass++, rewind(symbols)) {
		while (fgets(line, sizeof(line), symbols)) {
			if (sscanf(line, "%llx %*c %255s", &address, function) != 2)
				continue;
			if (!pass && !strcmp(function, symbol))
				start = address;
			if (pass && address > start && address < end)
				end = address;
		}
	}
	if (symbols)
		fclose(symbols);
	if (symbol && !start)
		die("no symbol %s", symbol);
	for (unsigned int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s-%s", folders[i / 2], what, i % 2 ? "end" : "start");
		snprintf(text, sizeof(text), "%llu", i % 2 ? end : start);
		if (put_file(path, text))
			die("%s: %s", path, strerror(errno));
	}
}

static int load(void)
{
	return result(load_module(module, "nr_devices=1 gb=1 memory_backed=1 " ONE_TYPE "=0"));
}

static int unload(void)
{
	return result(unload_module());
}

static int make_group(void)
{
	return mkdir(GROUP, 0755);
}

static int remove_group(void)
{
	return rmdir(GROUP);
}

static const char *attribute, *value;

static int set_attribute(void)
{
	return put(attribute, value);
}

static int get_attribute(void)
{
	char path[256], content[4096];
	int fd, error;

	snprintf(path, sizeof(path), GROUP "/%s", attribute);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	error = read(fd, content, sizeof(content)) < 0 ? errno : 0;
	close(fd);
	return result(error);
}

/*
 * Values to write to attributes for which the current value is refused or has no effect. Attributes
 * with NULL are skipped. To any other attribute its current value is written.
 */
static const char *const values[][2] = {
	{ "badblocks", "+100000-100007" }, { "fault_plan", "discard nth=100000 ioerr" },
	{ "latency", "uniform 1 2" }, { "stats", "1" }, { "power", NULL }, { "zone_readonly", NULL },
	{ "zone_offline", NULL },
};

static const char *value_of(const char *which, char *content, size_t size)
{
	char path[512];
	int fd;
	ssize_t got;

	for (unsigned int i = 0; i < ARRAY_SIZE(values); i++)
		if (!strcmp(which, values[i][0]))
			return values[i][1];
	snprintf(path, sizeof(path), GROUP "/%s", which);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	got = read(fd, content, size - 1);
	close(fd);
	content[got < 0 ? 0 : got] = 0;
	return content;
}

static void all_attributes(void)
{
	DIR *folder = opendir(GROUP);
	struct dirent *entry;
	char content[4096], what[300];

	while (folder && (entry = readdir(folder))) {
		struct step store = { what, set_attribute, NULL, 0, 0 }, show = { what, get_attribute, NULL, 0, 0 };

		if (entry->d_type != DT_REG)
			continue;
		attribute = entry->d_name;
		value = value_of(attribute, content, sizeof(content));
		if (!value)
			continue;
		snprintf(what, sizeof(what), "%s: write", attribute);
		in_turn(&store, samples);
		snprintf(what, sizeof(what), "%s: read", attribute);
		in_turn(&show, samples);
	}
	closedir(folder);
}

static int power_on(void)
{
	return put("power", "1");
}

static int power_off(void)
{
	return put("power", "0");
}

static int two_queues(void)
{
	return put("submit_queues", "2");
}

static int one_queue(void)
{
	return put("submit_queues", "1");
}

static int unbind(void)
{
	return put_file("/sys/bus/platform/drivers/cxxnull/unbind", "cxxnull.0");
}

static int bind(void)
{
	return put_file("/sys/bus/platform/drivers/cxxnull/bind", "cxxnull.0");
}

static int open_disk(void)
{
	disk = open("/dev/disk", O_RDWR | O_DIRECT | O_CLOEXEC);
	return disk < 0 ? -1 : 0;
}

static int close_disk(void)
{
	return close(disk);
}

static off_t offset;

static int write_with(int flags)
{
	struct iovec iov = { data, sizeof(data) };

	return pwritev2(disk, &iov, 1, offset, flags) == sizeof(data) ? 0 : -1;
}

static int write_data(void)
{
	return write_with(0);
}

static int write_fua(void)
{
	return write_with(RWF_DSYNC);
}

static int read_data(void)
{
	memset(data, 0, sizeof(data));
	return pread(disk, data, sizeof(data), offset) == sizeof(data) ? 0 : -1;
}

/* Checks that the disk has the written data; then changes data and offset for the next write. */
static int check_data(void)
{
	char written = data[0];

	if (read_data())
		return -1;
	for (size_t i = 0; i < sizeof(data); i++)
		if (data[i] != written)
			die("what was written is not there");
	memset(data, written % 100 + 1, sizeof(data));
	offset = (offset + (5 << 20)) % (60 << 20);
	return 0;
}

static int flush(void)
{
	return fsync(disk);
}

/* Writes through the page cache: the disk's pages are allocated when the kernel writes it back, in fsync(). */
static int write_buffered(void)
{
	static const char bytes[4096] = "buffered";
	int fd = open("/dev/disk", O_WRONLY | O_CLOEXEC);
	int error = fd < 0 || pwrite(fd, bytes, sizeof(bytes), 61 << 20) != sizeof(bytes) || fsync(fd) ? errno : 0;

	if (fd >= 0)
		close(fd);
	return result(error);
}

static int over(unsigned long command)
{
	uint64_t range[2] = { 4096 * 3, 1 << 20 };

	return ioctl(disk, command, range);
}

static int discard(void)
{
	return over(BLKDISCARD);
}

static int write_zeroes(void)
{
	return over(BLKZEROOUT);
}

static int zone(unsigned long command, unsigned int number)
{
	struct blk_zone_range range = { number * ZONE >> 9, ZONE >> 9 };

	return ioctl(disk, command, &range);
}

static int report_zones(void)
{
	static struct {
		struct blk_zone_report head;
		struct blk_zone zones[16];
	} report;

	report.head.sector = 0;
	report.head.nr_zones = 16;
	return ioctl(disk, BLKREPORTZONE, &report);
}

static int reset_zone(void)
{
	return zone(BLKRESETZONE, 2);
}

/* After a failed zone write the block layer refuses more writes until the zone is reset. */
static int write_zone(void)
{
	int error;

	if (pwrite(disk, data, 4096, 2 * ZONE) == 4096)
		return 0;
	error = errno;
	reset_zone();
	return result(error);
}

static int open_zone(void)
{
	return zone(BLKOPENZONE, 3);
}

static int close_zone(void)
{
	return zone(BLKCLOSEZONE, 3);
}

static int finish_zone(void)
{
	return zone(BLKFINISHZONE, 3);
}

static int reset_all(void)
{
	struct blk_zone_range range = { 0, 64ull << 20 >> 9 };

	return ioctl(disk, BLKRESETZONE, &range);
}

static int zone_readonly(void)
{
	return put("zone_readonly", "0");
}

static int zone_offline(void)
{
	return put("zone_offline", "0");
}

/* Creates, uses and removes one disk; with @attributes also writes and reads each attribute. */
static void life(const char *of, const char *const settings[][2], const struct step *io, int attributes)
{
	static const struct step make = { "mkdir", make_group, remove_group, 0, 0 };
	static const struct step on = { "power on", power_on, power_off, 0, 0 };
	static const struct step names = { "power on, names", power_on, power_off, 0, 0 };
	static const struct step opens = { "open", open_disk, close_disk, 0, 0 };
	static const struct step more = { "submit_queues on, 1 to 2", two_queues, one_queue, 0, 0 };
	static const struct step fewer = { "submit_queues on, 2 to 1", one_queue, two_queues, 0, 0 };
	static const struct step off = { "power off", power_off, power_on, 0, 0 };
	static const struct step gone = { "rmdir", remove_group, make_group, 0, 0 };

	kind = of;
	in_turn(&make, samples);
	if (attributes)
		all_attributes();
	for (; (*settings)[0]; settings++)
		if (put((*settings)[0], (*settings)[1]))
			die("%s cannot be set: %s", (*settings)[0], strerror(errno));
	if (put(ONE_TYPE, "0"))
		die(ONE_TYPE " cannot be set: %s", strerror(errno));
	in_turn(&on, samples);
	power_off();
	/* The allocations of names are few, so let each of them fail. */
	filter("require", "kobject_set_name_vargs");
	in_turn(&names, 0);
	filter("require", NULL);
	in_turn(&opens, samples);
	memset(data, 1, sizeof(data));
	for (; io->name; io++)
		in_turn(io, samples);
	in_turn(&more, samples);
	in_turn(&fewer, samples);
	close_disk();
	in_turn(&off, samples);
	in_turn(&gone, samples);
}

int main(int argc, char **argv)
{
	static const struct step whole_load = { "load, all of it", load, unload, EINVAL, 0 };
	static const struct step init = { "load, its own", load, unload, EINVAL, 0 };
	static const struct step exit = { "unload", unload, load, 0, 0 };
	static const struct step unbinds = { "unbind", unbind, bind, 0, 0 };
	static const struct step binds = { "bind", bind, unbind, 0, 0 };
	static const struct step plain_io[] = {
		{ "write", write_data, NULL, ETIMEDOUT, 0 }, { "read", read_data, NULL, ETIMEDOUT, 0 }, {},
	};
	static const struct step memory_io[] = {
		{ "write", write_data, check_data, 0, 0, 1 }, { "write, FUA", write_fua, check_data, 0, 0, 1 },
		{ "read", read_data, NULL, ETIMEDOUT, 0 }, { "flush", flush, write_data, 0, 1 },
		{ "buffered write", write_buffered, NULL, EIO, 0, 1 },
		{ "discard", discard, NULL, ETIMEDOUT, 0 }, { "write zeroes", write_zeroes, NULL, 0, 0, 1 }, {},
	};
	static const struct step zoned_io[] = {
		{ "zone report", report_zones, NULL, 0, 1 }, { "zone write", write_zone, reset_zone, 0, 0, 1 },
		{ "zone reset", reset_zone, NULL, ETIMEDOUT, 0 }, { "zone open", open_zone, NULL, ETIMEDOUT, 0 },
		{ "zone close", close_zone, open_zone, ETIMEDOUT, 0 }, { "zone finish", finish_zone, NULL, ETIMEDOUT, 0 },
		{ "zone reset all", reset_all, NULL, ETIMEDOUT, 1 }, { "read", read_data, NULL, ETIMEDOUT, 0 },
		{ "zone_readonly", zone_readonly, NULL, 0, 0 }, { "zone_offline", zone_offline, NULL, 0, 0 }, {},
	};
	static const char *const plain[][2] = { { "size", "64" }, { "irqmode", "2" }, {} };
	static const char *const memory[][2] = {
		{ "size", "64" }, { "memory_backed", "1" }, { "discard", "1" }, { "cache_size", "1" }, {},
	};
	static const char *const zoned[][2] = {
		{ "size", "64" }, { "memory_backed", "1" }, { "zoned", "1" }, { "zone_size", "4" }, {},
	};

	name = "failnth";
	if (argc != 3) {
		fprintf(stderr, "usage: failnth MODULE SAMPLES\n");
		return 2;
	}
	module = argv[1];
	samples = (unsigned int)strtoul(argv[2], NULL, 10);
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		die("no fault injection here: %s", strerror(errno));
	if (load())
		die("%s: %s", module, strerror(errno));
	life("plain", plain, plain_io, 1);
	life("memory-backed", memory, memory_io, 0);
	life("zoned", zoned, zoned_io, 0);
	kind = "module";
	/* The first disk creates a slab cache. A failing __kmem_cache_create_args() dumps the stack and leaks a name. */
	filter("reject", "__kmem_cache_create_args");
	in_turn(&unbinds, samples);
	in_turn(&binds, samples);
	in_turn(&exit, samples);
	in_turn(&whole_load, samples ? samples : 100);
	unload();
	filter("require", "do_one_initcall");
	in_turn(&init, samples);
	unload();
	return 0;
}
