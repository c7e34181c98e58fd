/* SPDX-License-Identifier: GPL-2.0 */
/* guest.h - functions for programs in guests; they return 0 or an errno, except xorshift() */
#ifndef GUEST_H
#define GUEST_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define CONFIGFS "/sys/kernel/config/cxxnull/"
#define DEBUG "/sys/kernel/debug/"

/*
 * Returns the next random number, and advances @state, which must not be 0. Swaps the halves of
 * xorshift64*: the lowest bit of a plain xorshift follows from the lowest 8 bits of the number
 * before, so that "number % 1024" would decide "next number % 2".
 */
static inline uint64_t xorshift(uint64_t *state)
{
	uint64_t number;

	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	number = *state * 0x2545f4914f6cdd1dull;
	return number >> 32 | number << 32;
}

static inline int write_file(const char *path, const char *what, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, what, length) < 0)
		error = errno;
	close(fd);
	return error;
}

static inline int load_module(const char *file, const char *parameters)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), error;

	if (fd < 0)
		return errno;
	error = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
	close(fd);
	return error;
}

/* Retries: the kernel drops its reference to the module a little after a file is closed. */
static inline int unload_module(void)
{
	for (int tries = 0; tries < 500; tries++) {
		if (!syscall(SYS_delete_module, "cxxnull", O_NONBLOCK))
			return 0;
		if (errno != EAGAIN && errno != EBUSY)
			break;
		usleep(20000);
	}
	return errno;
}

#endif
