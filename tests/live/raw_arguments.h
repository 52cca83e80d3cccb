/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls with arguments that are told apart, by value; also a line of raw.h's kind:
 *
 *	arguments ABI NUMBER COUNT 0=VALUE,2=VALUE    "-": more than could be kept, or not readable
 *
 * With an argument: "many" different ones of two calls.
 */
#ifndef LEASTCALL_LIVE_RAW_ARGUMENTS_H
#define LEASTCALL_LIVE_RAW_ARGUMENTS_H

#include <asm/unistd.h>
#include <errno.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <sys/socket.h>

#include "raw.h"

#define DONTCARE  0
#define BAD       ((void *)8)
#define IOCTL_ANY 0x4c430000
#ifdef __x86_64__
#define UPPER (1L << 32) /* the kernel takes an int, and looks no further */
#define MMAP  __NR_mmap
#else
#define UPPER 0
#define MMAP  __NR_mmap2
#endif

static void say_values(uint32_t nr, unsigned long count, const char *values)
{
	say_text("arguments " RAW_ABI " ");
	say_number(nr);
	say_text(" ");
	say_number(count);
	say_text(" ");
	say_text(values);
	say_text("\n");
}

static void sockets(void)
{
	int pair[2];

	for (int i = 0; i < 3; i++)
		must_work(raw3(__NR_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	must_work(raw3(__NR_socket, AF_UNIX | UPPER, SOCK_STREAM | UPPER, UPPER));
	say_values(__NR_socket, 4, "0=1,1=1,2=0");
	must_work(raw3(__NR_socket, AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, 16));
	say_values(__NR_socket, 1, "0=16,1=3,2=16");
	must(raw3(__NR_socket, 4711, SOCK_DGRAM, 7), -EAFNOSUPPORT);
	say_values(__NR_socket, 1, "0=4711,1=2,2=7");
	must(raw4(__NR_socketpair, AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	say_values(__NR_socketpair, 1, "0=1,1=5,2=0");
}

static void namespaces(void)
{
	struct clone_args args = {.flags = CLONE_NEWPID | CLONE_THREAD};

	must(raw2(__NR_clone, CLONE_NEWNS | CLONE_FS, 0), -EINVAL);
	say_values(__NR_clone, 1, "0=131072");
	must(raw2(__NR_clone, CLONE_SIGHAND, 0), -EINVAL);
	must(raw2(__NR_clone, CLONE_THREAD, 0), -EINVAL);
	say_values(__NR_clone, 2, "0=0");
	must(raw2(__NR_clone3, &args, sizeof(args)), -EINVAL);
	say_values(__NR_clone3, 1, "0=536870912");
	args.flags = CLONE_SIGHAND;
	must(raw2(__NR_clone3, &args, sizeof(args)), -EINVAL);
	say_values(__NR_clone3, 1, "0=0");
	must(raw2(__NR_clone3, BAD, sizeof(args)), -EFAULT);
	say_values(__NR_clone3, 1, "-");
	must(raw1(__NR_unshare, 0), 0);
	say_values(__NR_unshare, 1, "0=0");
	must(raw2(__NR_setns, -1, CLONE_NEWNET), -EBADF);
	say_values(__NR_setns, 1, "1=1073741824");
}

static void others(void)
{
	must_work(raw1(__NR_prctl, PR_GET_DUMPABLE));
	must_work(raw1(__NR_prctl, PR_GET_DUMPABLE + UPPER));
	say_values(__NR_prctl, 2, "0=3");
	must_work(raw1(__NR_personality, 0xffffffff));
	say_values(__NR_personality, 1, "0=4294967295");
	must(raw5(__NR_keyctl, 9999, 0, 0, 0, 0), -EOPNOTSUPP);
	say_values(__NR_keyctl, 1, "0=9999");
	must(raw3(__NR_bpf, 9999, 0, 0), -EINVAL);
	say_values(__NR_bpf, 1, "0=9999");
	must(raw4(__NR_ptrace, 0x4206, 0x3fffffff, 0, 0), -ESRCH);
	say_values(__NR_ptrace, 1, "0=16902");
}

/* Only with --args all. */
static void more(void)
{
	must(raw3(__NR_ioctl, -1, 0x5401 + UPPER, DONTCARE), -EBADF);
	say_values(__NR_ioctl, 1, "1=21505");
	must(raw2(__NR_kill, raw0(__NR_getpid), 0), 0);
	say_values(__NR_kill, 1, "1=0");
	must(raw3(__NR_mprotect, 0, 0, 1), 0);
	say_values(__NR_mprotect, 1, "2=0");
	must(raw5(MMAP, 0, 4096, 7, 2, -1), -EBADF);
	say_values(MMAP, 1, "2=6");
	must(raw5(__NR_mount, BAD, BAD, BAD, 0x1000, BAD), -EFAULT);
	say_values(__NR_mount, 1, "3=4096");
}

/* 200 kinds of one call, of which 64 are kept; and 10 of another, each 20 times. */
static void many(void)
{
	for (int i = 0; i < 200; i++)
		must(raw3(__NR_ioctl, -1, IOCTL_ANY + i, 0), -EBADF);
	for (int i = 0; i < 200; i++)
		must(raw3(__NR_fcntl, -1, 2000 + i % 10, 0), -EBADF);
}

int program(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		many();
		return 0;
	}
	sockets();
	namespaces();
	others();
	more();
	return raw_end(0);
}

#endif
