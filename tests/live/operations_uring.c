/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What io_uring does without a system call, and says it as tests/live/operations.c does; and, a line
 * each, "file PERMS PATH" and "socket FAMILY TYPE". To be run in an empty directory, as root. Exits
 * with 77 where the kernel has no io_uring, or refuses it; with 78 where it is older than what is done,
 * and does less with the argument "old", which kernels before 5.18 tell by the opcode alone.
 */
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "uring.h"

static void must(int done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(1);
}

static void asked(int opcode)
{
	printf("io-uring %d - - - -\n", opcode);
}

static int opened(const char *name, unsigned flags, unsigned how)
{
	struct io_uring_sqe sqe = {.opcode = IORING_OP_OPENAT,
				   .flags = how,
				   .fd = AT_FDCWD,
				   .addr = (unsigned long)name,
				   .open_flags = flags,
				   .len = 0600};

	return ring_submit(&sqe);
}

/* Linux 5.10. */
static void old(void)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX, .sun_path = "\0leastcall ring"};
	struct io_uring_sqe sqe = {.opcode = IORING_OP_CONNECT, .addr = (unsigned long)&where};

	must(opened("/proc/sys/kernel/ostype", O_RDONLY, 0) >= 0, "openat");
	asked(IORING_OP_OPENAT);
	printf("io-uring-other %d - - - -\n", IORING_OP_OPENAT);
	sqe.fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	sqe.off = offsetof(struct sockaddr_un, sun_path) + 15;
	must(ring_submit(&sqe) == -ECONNREFUSED, "connect");
	asked(IORING_OP_CONNECT);
	printf("io-uring-other %d - - - -\n", IORING_OP_CONNECT);
}

static void files(const char *here)
{
	struct io_uring_sqe sqe = {.opcode = IORING_OP_MKDIRAT,
				   .fd = AT_FDCWD,
				   .addr = (unsigned long)"directory",
				   .len = 0700};

	must(opened("/proc/sys/kernel/ostype", O_RDONLY, 0) >= 0, "openat");
	printf("file r /proc/sys/kernel/ostype\n");
	/* by a thread of the kernel's */
	must(opened("written", O_WRONLY | O_CREAT | O_APPEND, IOSQE_ASYNC) >= 0, "openat");
	printf("file w %s/written\n", here);
	must(opened("none", O_RDONLY, 0) == -ENOENT, "nothing there");
	asked(IORING_OP_OPENAT);
	if (ring_submit(&sqe) == -EINVAL)
		exit(78);
	asked(IORING_OP_MKDIRAT);
	printf("io-uring-other %d - - - -\n", IORING_OP_MKDIRAT);
}

static void sockets(void)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX, .sun_path = "\0leastcall ring"};
	socklen_t length = offsetof(struct sockaddr_un, sun_path) + 15;
	int listener = socket(AF_UNIX, SOCK_SEQPACKET, 0), client;
	struct io_uring_sqe sqe = {.opcode = 45 /* IORING_OP_SOCKET */,
				   .fd = AF_UNIX,
				   .off = SOCK_SEQPACKET | SOCK_CLOEXEC};

	must(bind(listener, (struct sockaddr *)&where, length) == 0, "bind");
	must(listen(listener, 1) == 0, "listen");
	printf("unix-bind 5 - @leastcall ring - -\n");
	client = ring_submit(&sqe);
	must(client >= 0, "socket");
	asked(45);
	sqe = (struct io_uring_sqe){.opcode = IORING_OP_CONNECT,
				    .fd = client,
				    .addr = (unsigned long)&where,
				    .off = length};
	must(ring_submit(&sqe) == 0, "connect");
	asked(IORING_OP_CONNECT);
	printf("unix-connect 5 - @leastcall ring - -\n");
	sqe = (struct io_uring_sqe){.opcode = 45, .fd = AF_INET6, .off = SOCK_DGRAM};
	must(ring_submit(&sqe) >= 0, "socket");
	printf("socket %d %d\n", AF_INET6, SOCK_DGRAM);
}

int main(int argc, char **argv)
{
	struct io_uring_params polled = {.flags = IORING_SETUP_SQPOLL};
	struct io_uring_sqe nop = {.opcode = IORING_OP_NOP};
	char here[PATH_MAX];

	must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	must(ring_setup(), "mmap");
	must(ring_submit(&nop) == 0, "nop");
	asked(IORING_OP_NOP);
	if (argc == 2 && !strcmp(argv[1], "old")) {
		old();
		return 0;
	}
	files(here);
	sockets();
	must(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PERSONALITY, NULL, 0) > 0,
	     "personality");
	printf("io-uring-override-creds 0 - - - -\n");
	must(syscall(SYS_io_uring_setup, 4, &polled) >= 0, "sqpoll");
	printf("io-uring-sqpoll 0 - - - -\n");
	return 0;
}
