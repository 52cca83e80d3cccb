/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static -nostdlib -ffreestanding -fno-stack-protector */
/*
 * Counts and results: calls that work, calls that fail, both, many, in a child and in a thread.
 */
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "raw.h"

static char thread_stack[16384] __attribute__((aligned(16)));
static volatile int thread_id;

/* A thread that asks for its id five times and leaves; it never returns from here. */
static void thread_run(void)
{
	long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
		     CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
	register long r10 __asm__("r10") = (long)&thread_id;
	register long r8 __asm__("r8") = 0;
	long ret;

	thread_id = 1;
	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 2f\n\t"
			 "mov $5, %%ebx\n"
			 "1:\tmov %[gettid], %%eax\n\t"
			 "syscall\n\t"
			 "dec %%ebx\n\t"
			 "jnz 1b\n\t"
			 "xor %%edi, %%edi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n"
			 "2:\n"
			 : "=a"(ret)
			 : "0"((long)__NR_clone), "D"(flags),
			   "S"(thread_stack + sizeof(thread_stack)), "d"(0L), "r"(r10),
			   "r"(r8), [gettid] "i"(__NR_gettid), [exit] "i"(__NR_exit)
			 : "rcx", "r11", "rbx", "memory");
	must_work(ret);
	while (thread_id)
		__builtin_ia32_pause();
}

static void children(void)
{
	long pid;
	int status = 0;

	for (int i = 0; i < 3; i++) {
		pid = raw0(__NR_fork);
		if (!pid) {
			for (int n = 0; n < 7; n++)
				raw0(__NR_getuid);
			for (;;)
				raw1(__NR_exit, 3);
		}
		must_work(pid);
		must(raw4(__NR_wait4, pid, &status, 0, 0), pid);
		must(WEXITSTATUS(status), 3);
	}
	must(raw4(__NR_wait4, -1, &status, 0, 0), -ECHILD);
	say_call("x86_64", __NR_fork, 0, 3, "0");
	say_call("x86_64", __NR_getuid, 0, 21, "0");
	say_call("x86_64", __NR_wait4, 0, 4, "0,10");
}

int program(int argc, char **argv)
{
	char byte;
	long fd;

	(void)argc, (void)argv;
	for (int i = 0; i < 1000; i++)
		raw0(__NR_getppid);
	say_call("x86_64", __NR_getppid, 0, 1000, "0");

	for (int i = 0; i < 3; i++)
		must(raw4(__NR_openat, AT_FDCWD, "/no/such/file", O_RDONLY, 0), -ENOENT);
	for (int i = 0; i < 2; i++) {
		fd = raw4(__NR_openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
		must_work(fd);
		must(raw3(__NR_read, fd, &byte, 1), 0);
		must(raw1(__NR_close, fd), 0);
	}
	must(raw4(__NR_openat, AT_FDCWD, "/dev/null/x", O_RDONLY, 0), -ENOTDIR);
	say_call("x86_64", __NR_openat, 0, 6, "0,2,20");
	say_call("x86_64", __NR_read, 0, 2, "0");

	must(raw1(__NR_close, 77), -EBADF);
	say_call("x86_64", __NR_close, 0, 3, "0,9");

	/* Nothing but errors: no 0 in the set. */
	must(raw2(__NR_kill, 0x3fffffff, SIGTERM), -ESRCH);
	must(raw2(__NR_kill, 1, 999), -EINVAL);
	say_call("x86_64", __NR_kill, 0, 2, "3,22");

	/* A result that is an address far up, but no error. */
	fd = raw6(__NR_mmap, 0, 4096, 0, 0x22, -1, 0);
	must(raw2(__NR_munmap, fd, 4096), 0);
	must(raw3(__NR_lseek, 1, -4095, 99), -EINVAL);
	say_call("x86_64", __NR_mmap, 0, 1, "0");
	say_call("x86_64", __NR_munmap, 0, 1, "0");
	say_call("x86_64", __NR_lseek, 0, 1, "22");

	children();
	thread_run();
	say_call("x86_64", __NR_clone, 0, 1, "0");
	say_call("x86_64", __NR_gettid, 0, 5, "0");
	/* Three children and the thread. */
	say_call("x86_64", __NR_exit, 0, 4, "0");
	return raw_end(0);
}
