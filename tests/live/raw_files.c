/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static -nostdlib -ffreestanding -fno-stack-protector */
/*
 * Files in the directory argv[1], used in every way that a file fact tells apart. Paths are what
 * the kernel made of them, not what was passed. Calls are not counted here, only files told.
 *
 * The caller has made: read, write, append, both, link -> read, sub/, sub/deep, code, and a mount
 * on sub/mnt where it could (then argv[2] is given).
 */
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>

#include "raw.h"

static const char *directory;

static long open_here(const char *name, int flags)
{
	long fd = raw4(__NR_openat, AT_FDCWD, name, flags, 0644);

	must_work(fd);
	return fd;
}

static void opened(void)
{
	char byte;
	long fd;

	/* Read through a symbolic link and with a detour: one path, told once, however often. */
	for (int i = 0; i < 10; i++)
		raw1(__NR_close, open_here(i % 2 ? "link" : "sub/../read", O_RDONLY));
	say_file("r", "-", directory, "/read");
	raw1(__NR_close, open_here("write", O_WRONLY));
	say_file("w", "-", directory, "/write");
	raw1(__NR_close, open_here("append", O_WRONLY | O_APPEND));
	say_file("a", "-", directory, "/append");
	raw1(__NR_close, open_here("both", O_RDWR));
	say_file("rw", "-", directory, "/both");
	/* An append that may create is a write: AppArmor asks for "c". */
	raw1(__NR_close, open_here("log", O_WRONLY | O_APPEND | O_CREAT));
	say_file("w", "-", directory, "/log");
	/* First read, then written: one fact with both. */
	raw1(__NR_close, open_here("later", O_RDONLY | O_CREAT));
	raw1(__NR_close, open_here("later", O_WRONLY));
	say_file("rw", "-", directory, "/later");
	must_work(raw2(__NR_creat, "created", 0644));
	say_file("w", "-", directory, "/created");

	fd = raw3(__NR_open, "sub", O_RDONLY | O_DIRECTORY, 0);
	must_work(fd);
	say_file("r", "-", directory, "/sub/");
	must_work(raw4(__NR_openat, fd, "deep", O_RDONLY, 0));
	say_file("r", "-", directory, "/sub/deep");
	must(raw4(__NR_openat2, AT_FDCWD, "strict",
		  (&(struct open_how){.flags = O_RDWR | O_CREAT, .mode = 0644}),
		  sizeof(struct open_how)) < 0,
	     0);
	say_file("rw", "-", directory, "/strict");

	/* No facts: nothing was opened, or nothing that has a name. */
	must(raw4(__NR_openat, AT_FDCWD, "missing", O_RDONLY, 0), -ENOENT);
	must_work(raw4(__NR_openat, AT_FDCWD, "code", O_PATH, 0));
	must_work(raw2(__NR_memfd_create, "memory", 0));
	must(raw3(__NR_read, fd, &byte, 1), -EISDIR);
}

static void mapped(void)
{
	long fd = open_here("code", O_RDONLY);

	must(raw6(__NR_mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) < 0, 0);
	say_file("rm", "-", directory, "/code");
	fd = open_here("data", O_RDONLY | O_CREAT | O_TRUNC);
	raw6(__NR_mmap, 0, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	say_file("rw", "-", directory, "/data");
}

/* A file without a name is opened again through /proc. */
static void deleted(void)
{
	char name[] = "/proc/self/fd/00";
	long fd = open_here("gone", O_WRONLY | O_CREAT);

	must(raw1(__NR_unlink, "gone"), 0);
	must(fd >= 10 && fd < 100, 1);
	name[14] = (char)('0' + fd / 10);
	name[15] = (char)('0' + fd % 10);
	must_work(raw4(__NR_openat, AT_FDCWD, name, O_RDONLY, 0));
	say_file("rw", "deleted", directory, "/gone");
}

/* The same file by another path: a directory above it was renamed. */
static void renamed(void)
{
	must(raw2(__NR_mkdir, "before", 0755), 0);
	raw1(__NR_close, open_here("before/file", O_WRONLY | O_CREAT));
	must(raw2(__NR_rename, "before", "after"), 0);
	raw1(__NR_close, open_here("after/file", O_WRONLY));
	say_file("rw", "-", directory, "/before/");
	say_file("w", "-", directory, "/after/");
	say_file("w", "-", directory, "/before/file");
	say_file("w", "-", directory, "/after/file");
}

/* Names are bytes: in the recording's escaped form here. */
static void named(void)
{
	open_here("a b\"c", O_WRONLY | O_CREAT);
	say_file("w", "-", directory, "/a b\"c");
	open_here("back\\slash", O_WRONLY | O_CREAT);
	say_file("w", "-", directory, "/back\\134slash");
	open_here("\xff\xfe", O_WRONLY | O_CREAT);
	say_file("w", "-", directory, "/\\377\\376");
	open_here("\xc3\xa4", O_WRONLY | O_CREAT);
	say_file("w", "-", directory, "/\xc3\xa4");
}

int program(int argc, char **argv)
{
	if (argc < 2)
		return 98;
	directory = argv[1];
	must(raw1(__NR_chdir, directory), 0);
	opened();
	mapped();
	deleted();
	renamed();
	named();
	if (argc > 2) {
		must_work(open_here("sub/mnt/inside", O_RDWR | O_CREAT));
		say_file("rw", "-", directory, "/sub/mnt/inside");
	}
	/* The path is the mount namespace's, not the process root's. */
	if (raw1(__NR_chroot, ".") == 0) {
		open_here("/rooted", O_WRONLY | O_CREAT);
		say_file("w", "-", directory, "/rooted");
	}
	return raw_end(0);
}
