/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -m32 -static -nostdlib -ffreestanding -fno-stack-protector -fno-pic -no-pie */
/*
 * What the case "compat" of path_tasks.c says: calls of the i386 table in the working directory.
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "raw.h"

/* asm/unistd_32.h, whose names clash with those of the 64-bit header */
#define I386_OPEN      5
#define I386_UNLINK    10
#define I386_CHMOD     15
#define I386_RENAME    38
#define I386_MKDIR     39
#define I386_SYMLINK   83
#define I386_MPROTECT  125
#define I386_MMAP      90 /* its arguments are in memory */
#define I386_TRUNCATE  193
#define I386_CHOWN     212
#define I386_FCNTL64   221
#define I386_MKDIRAT   296
#define I386_RECVMMSG  337
#define I386_RECVMSG   372
#define I386_F_SETLK64 13

/* Two descriptors, by each of the calls that receive them. */
static void receive(long socket)
{
	char control[64], byte;
	struct {
		char *base;
		unsigned long size;
	} vector = {&byte, 1};
	struct {
		long name, name_size;
		void *vectors;
		long vectors_count;
		void *control;
		long control_size, flags, size;
	} many[2] = {{.vectors = &vector,
		      .vectors_count = 1,
		      .control = control,
		      .control_size = sizeof(control)}};

	many[1] = many[0];
	many[1].control = control + 32;
	many[0].control_size = many[1].control_size = 32;
	must(raw3(I386_RECVMSG, socket, &many[0], 0), 1);
	many[0].control_size = 32;
	must(raw5(I386_RECVMMSG, socket, many, 2, 0, 0), 2);
}

int program(int argc, char **argv)
{
	struct {
		short type, whence;
		long long start, length;
		int pid;
	} __attribute__((packed, aligned(4))) lock = {.type = F_WRLCK};
	long map[6] = {0, 4096, PROT_READ, MAP_PRIVATE, 0, 0}, page;

	must(argc, 2);
	receive(argv[1][0] - '0');
	must(raw2(I386_MKDIR, "made", 0755), 0);
	must(raw3(I386_MKDIRAT, AT_FDCWD, "at", 0755), 0);
	must(raw1(I386_UNLINK, "removed"), 0);
	must(raw2(I386_RENAME, "old", "new"), 0);
	must(raw2(I386_CHMOD, "mode", 0600), 0);
	must(raw3(I386_CHOWN, "own", 0, 0), 0);
	must(raw3(I386_TRUNCATE, "cut", 1, 0), 0);
	must(raw2(I386_SYMLINK, "x", "symlink"), 0);
	must(raw3(I386_FCNTL64, raw3(I386_OPEN, "locked", O_RDWR, 0), I386_F_SETLK64, &lock), 0);
	map[4] = raw3(I386_OPEN, "mapped", O_RDONLY, 0);
	page = raw1(I386_MMAP, map);
	must(page > -4096 && page < 0, 0);
	must(raw3(I386_MPROTECT, page, 4096, PROT_READ | PROT_EXEC), 0);
	return raw_wrong ? 99 : 0;
}
