/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static -nostdlib -ffreestanding -fno-stack-protector */
/*
 * A program that sandboxes itself: some calls are answered by seccomp and never made. Those are
 * denied facts, all of them, and the calls that the filter lets through are not, also where they
 * fail with the same errno.
 */
#include <asm/unistd.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "raw.h"

#define DENY(nr, errnum)                                                                           \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (nr), 0, 1),                                           \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (errnum))

static struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	DENY(__NR_getpgid, EPERM),
	DENY(__NR_getsid, ENOSYS),
	DENY(__NR_getuid, 0),
	DENY(9999, EPERM),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_getpgrp, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
static struct sock_fprog fprog = {sizeof(filter) / sizeof(filter[0]), filter};

static void say_denied(uint32_t nr, uint32_t errnum, unsigned long count)
{
	say_text("denied x86_64 ");
	say_number(nr);
	say_text(" ");
	say_number(errnum);
	say_text(" ");
	say_number(count);
	say_text("\n");
}

/* A child under the same filter, which dies of a forbidden call. */
static void killed(void)
{
	int status = 0;
	long pid = raw0(__NR_fork);

	if (!pid) {
		raw1(__NR_getpgid, 0);
		raw0(__NR_getpgrp);
		for (;;)
			raw1(__NR_exit, 1);
	}
	must_work(pid);
	must(raw4(__NR_wait4, pid, &status, 0, 0), pid);
	must(WTERMSIG(status), 31);
	say_denied(__NR_getpgrp, 0, 1);
}

/* The first calls of a new executable are denied: none before them was let through. */
static int after_exec(void)
{
	for (int i = 0; i < 3; i++)
		must(raw1(__NR_getpgid, 0), -EPERM);
	must_work(raw0(__NR_getppid));
	return raw_wrong ? 99 : 0;
}

static void executed(const char *self)
{
	const char *args[] = {self, "after-exec", NULL};
	int status = 0;
	long pid = raw0(__NR_fork);

	if (!pid) {
		raw3(__NR_execve, self, args, NULL);
		for (;;)
			raw1(__NR_exit, 1);
	}
	must_work(pid);
	must(raw4(__NR_wait4, pid, &status, 0, 0), pid);
	must(status, 0);
}

int program(int argc, char **argv)
{
	if (argc > 1)
		return after_exec();
	/* Before the filter these are calls like any other. */
	for (int i = 0; i < 6; i++)
		must_work(raw1(__NR_getpgid, 0));
	say_call("x86_64", __NR_getpgid, 0, 6, "0");

	must(raw5(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	must(raw3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &fprog), 0);
	say_call("x86_64", __NR_seccomp, 0, 1, "0");

	for (int i = 0; i < 39; i++)
		must(raw1(__NR_getpgid, 0), -EPERM);
	for (int i = 0; i < 10; i++)
		must(raw1(__NR_getsid, 0), -ENOSYS);
	for (int i = 0; i < 4; i++)
		must(raw0(__NR_getuid), 0);
	must(raw0(9999), -EPERM);
	killed();
	executed(argv[0]);
	say_call("x86_64", __NR_fork, 0, 2, "0");
	say_call("x86_64", __NR_wait4, 0, 2, "0");
	say_denied(__NR_getpgid, EPERM, 43); /* one and three of them the children's */
	say_denied(__NR_getsid, ENOSYS, 10);
	say_denied(__NR_getuid, 0, 4);
	say_denied(9999, EPERM, 1);

	/* Allowed by the filter, refused by the kernel: no denied fact. */
	for (int i = 0; i < 5; i++)
		must(raw2(__NR_kill, 0x3fffffff, 0), -ESRCH);
	must(raw5(__NR_prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), -EINVAL);
	for (int i = 0; i < 8; i++)
		must_work(raw0(__NR_getppid));
	say_call("x86_64", __NR_prctl, 0, 2, "0,22");
	say_call("x86_64", __NR_kill, 0, 5, "3");
	say_call("x86_64", __NR_getppid, 0, 9, "0");
	/* the second executable's start and end */
	say_call("x86_64", __NR_execve, 0, 1, "0");
	say_call("x86_64", __NR_exit_group, 0, 1, "0");
	return raw_end(0);
}
