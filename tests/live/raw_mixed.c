/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static -nostdlib -ffreestanding -fno-stack-protector */
/*
 * One process, three ABIs: int $0x80 and numbers with the x32 bit from a 64-bit program, and
 * numbers that no table has.
 */
#include <asm/unistd.h>
#include <errno.h>

#include "raw.h"

#define I386_GETPPID 64
#define I386_CLOSE   6
#define I386_GETPID  20
#define X32_BIT      0x40000000L

static long int80(long nr, long a)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "0"(nr), "b"(a), "c"(0L), "d"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

int program(int argc, char **argv)
{
	(void)argc, (void)argv;
	for (int i = 0; i < 4; i++)
		must_work(int80(I386_GETPPID, 0));
	must(int80(I386_CLOSE, 99), -EBADF);
	must(int80(9999, 0), -ENOSYS);
	say_call("i386", I386_GETPPID, 0, 4, "0");
	say_call("i386", I386_CLOSE, 0, 1, "9");
	say_call("i386", 9999, 0, 1, "38");

	/* The same numbers in the native table are other calls. */
	for (int i = 0; i < 3; i++)
		must_work(raw0(__NR_getppid));
	must(raw3(I386_GETPPID, 0, -1, 0), -EINVAL); /* semget */
	say_call("x86_64", __NR_getppid, 0, 3, "0");
	say_call("x86_64", I386_GETPPID, 0, 1, "22");
	must_work(int80(I386_GETPID, 0));
	say_call("i386", I386_GETPID, 0, 1, "0");

	/* Where the kernel knows no x32, it still sees the number. With it, they work. */
	{
		long first = raw0(X32_BIT | __NR_getpid);
		const char *errnos = first == -ENOSYS ? "38" : "0";

		must(raw0(X32_BIT | __NR_getpid) > 0, first > 0);
		say_call("x32", __NR_getpid, 0, 2, errnos);
	}
	must(raw0(X32_BIT | 9999), -ENOSYS);
	say_call("x32", 9999, 0, 1, "38");

	for (int i = 0; i < 5; i++)
		must(raw0(9999), -ENOSYS);
	must(raw0(511), -ENOSYS);
	must(raw0(600), -ENOSYS);
	must(raw0(-1), -ENOSYS);
	say_call("x86_64", 9999, 0, 5, "38");
	say_call("x86_64", 511, 0, 1, "38");
	say_call("x86_64", 600, 0, 1, "38");
	say_call("x86_64", 0xffffffff, 0, 1, "38");
	/* The kernel takes the lower half of the register: 2^32 + 39 is getpid. */
	must_work(raw0(0x100000000L | __NR_getpid));
	say_call("x86_64", __NR_getpid, 0, 1, "0");
	return raw_end(0);
}
