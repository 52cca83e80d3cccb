/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static */
/*
 * Asks for the newest call first, and for the one before it where the kernel answers ENOSYS, as C
 * libraries do: which calls it makes is the kernel's age. Prints "done" where all of it worked.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than some C libraries' headers; the numbers are those of every ABI. */
#define NR_FCHMODAT2  452
#define NR_FUTEX_WAKE 454

static int file_open(const char *path)
{
	struct open_how how = {.flags = O_CREAT | O_RDWR, .mode = 0600};
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	return fd < 0 && errno == ENOSYS ? openat(AT_FDCWD, path, O_CREAT | O_RDWR, 0600) : fd;
}

/* Linux 6.6; before it there is one without flags. */
static int mode_set(const char *path)
{
	int r = (int)syscall(NR_FCHMODAT2, AT_FDCWD, path, 0640, 0);

	return r < 0 && errno == ENOSYS ? (int)syscall(SYS_fchmodat, AT_FDCWD, path, 0640) : r;
}

/* Linux 6.7; before it one call is all of them. */
static int nobody_wake(uint32_t *futex)
{
	int r = (int)syscall(NR_FUTEX_WAKE, futex, UINT32_MAX, 1, 2 | FUTEX_PRIVATE_FLAG);

	return r < 0 && errno == ENOSYS
		       ? (int)syscall(SYS_futex, futex, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0)
		       : r;
}

static int mode_is(const char *path, unsigned int mode)
{
	struct statx extended;
	struct stat plain;

	if (syscall(SYS_statx, AT_FDCWD, path, 0, STATX_MODE, &extended) == 0)
		return (extended.stx_mode & 0777) == mode;
	return errno == ENOSYS && syscall(SYS_newfstatat, AT_FDCWD, path, &plain, 0) == 0 &&
	       (plain.st_mode & 0777) == mode;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "newest.tmp";
	uint32_t futex = 0;

	if (file_open(path) < 0 || mode_set(path) < 0 || !mode_is(path, 0640) ||
	    nobody_wake(&futex) < 0 || unlink(path) < 0) {
		perror(path);
		return 1;
	}
	puts("done");
	return 0;
}
