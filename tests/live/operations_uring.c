/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What io_uring does without a system call, and says it as tests/live/operations.c does; and, a line
 * each, "file PERMS PATH" and "socket FAMILY TYPE". To be run in an empty directory, as root. Exits
 * with 77 where the kernel has no io_uring, or refuses it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/io_uring.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static struct io_uring_params params;
static struct io_uring_sqe *entries;
static char *ring;
static int fd;

static void must(int done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(1);
}

static int submit(const struct io_uring_sqe *what)
{
	unsigned *tail = (unsigned *)(ring + params.sq_off.tail);
	unsigned *mask = (unsigned *)(ring + params.sq_off.ring_mask);
	unsigned *array = (unsigned *)(ring + params.sq_off.array);
	unsigned *head = (unsigned *)(ring + params.cq_off.head);
	unsigned *cq_mask = (unsigned *)(ring + params.cq_off.ring_mask);
	struct io_uring_cqe *done = (struct io_uring_cqe *)(ring + params.cq_off.cqes);
	unsigned slot = *tail & *mask;
	int result;

	entries[slot] = *what;
	array[slot] = slot;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	must(syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1, "enter");
	result = done[*head & *cq_mask].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

static int opened(const char *name, unsigned flags, unsigned how)
{
	struct io_uring_sqe sqe = {.opcode = IORING_OP_OPENAT,
				   .flags = how,
				   .fd = AT_FDCWD,
				   .addr = (unsigned long)name,
				   .open_flags = flags,
				   .len = 0600};

	return submit(&sqe);
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
	must(submit(&sqe) == 0, "mkdirat");
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
	client = submit(&sqe);
	must(client >= 0, "socket");
	sqe = (struct io_uring_sqe){.opcode = IORING_OP_CONNECT,
				    .fd = client,
				    .addr = (unsigned long)&where,
				    .off = length};
	must(submit(&sqe) == 0, "connect");
	printf("unix-connect 5 - @leastcall ring - -\n");
	sqe = (struct io_uring_sqe){.opcode = 45, .fd = AF_INET6, .off = SOCK_DGRAM};
	must(submit(&sqe) >= 0, "socket");
	printf("socket %d %d\n", AF_INET6, SOCK_DGRAM);
}

int main(void)
{
	struct io_uring_params polled = {.flags = IORING_SETUP_SQPOLL};
	struct io_uring_sqe nop = {.opcode = IORING_OP_NOP};
	char here[PATH_MAX];

	must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	fd = (int)syscall(SYS_io_uring_setup, 4, &params);
	if (fd < 0)
		return errno == ENOSYS || errno == EPERM ? 77 : 1;
	ring = mmap(NULL, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe),
		    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(struct io_uring_sqe),
		       PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQES);
	must(ring != MAP_FAILED && entries != MAP_FAILED, "mmap");
	must(submit(&nop) == 0, "nop");
	files(here);
	sockets();
	must(syscall(SYS_io_uring_register, fd, IORING_REGISTER_PERSONALITY, NULL, 0) > 0,
	     "personality");
	printf("io-uring-override-creds 0 - - - -\n");
	must(syscall(SYS_io_uring_setup, 4, &polled) >= 0, "sqpoll");
	printf("io-uring-sqpoll 0 - - - -\n");
	return 0;
}
