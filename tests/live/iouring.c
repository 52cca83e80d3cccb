/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * io_uring without a library: what its operations do is no system call, what drives it is. Exits
 * with 77 where the kernel has none or refuses it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct io_uring_params params;
static char *ring;
static struct io_uring_sqe *entries;

static int submit(int fd, const struct io_uring_sqe *what)
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
	if (syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -errno;
	result = done[*head & *cq_mask].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

int main(void)
{
	struct io_uring_sqe sqe = {.opcode = IORING_OP_NOP};
	char text[64] = "";
	int fd, file;

	fd = (int)syscall(SYS_io_uring_setup, 4, &params);
	if (fd < 0)
		return errno == ENOSYS || errno == EPERM ? 77 : 1;
	ring = mmap(NULL, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe),
		    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(struct io_uring_sqe),
		       PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQES);
	if (ring == MAP_FAILED || entries == MAP_FAILED)
		return 1;
	printf("nop %d\n", submit(fd, &sqe));

	memset(&sqe, 0, sizeof(sqe));
	sqe.opcode = IORING_OP_OPENAT;
	sqe.fd = AT_FDCWD;
	sqe.addr = (unsigned long)"/proc/sys/kernel/ostype";
	file = submit(fd, &sqe);

	memset(&sqe, 0, sizeof(sqe));
	sqe.opcode = IORING_OP_READ;
	sqe.fd = file;
	sqe.addr = (unsigned long)text;
	sqe.len = sizeof(text) - 1;
	printf("read %d %s", submit(fd, &sqe), text);
	return 0;
}
