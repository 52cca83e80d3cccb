/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One io_uring without a library: its setup, and one operation at a time. It knows nothing of what
 * the operations do.
 */
#ifndef LEASTCALL_LIVE_URING_H
#define LEASTCALL_LIVE_URING_H

#include <errno.h>
#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
	struct io_uring_params params;
	struct io_uring_sqe *entries;
	char *memory;
	int fd;
} ring;

/* The program ends with 77 where the kernel has none or refuses it. */
static inline bool ring_setup(void)
{
	const struct io_uring_params *params = &ring.params;
	size_t size;

	ring.fd = (int)syscall(SYS_io_uring_setup, 4, &ring.params);
	if (ring.fd < 0 && (errno == ENOSYS || errno == EPERM))
		exit(77);
	size = params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe);
	ring.memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd,
			   IORING_OFF_SQ_RING);
	ring.entries =
		mmap(NULL, params->sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQES);
	return ring.memory != MAP_FAILED && ring.entries != MAP_FAILED;
}

static inline unsigned int *ring_word(unsigned int offset)
{
	return (unsigned int *)(ring.memory + offset);
}

/* Does it, and returns what came of it. */
static inline int ring_submit(const struct io_uring_sqe *what)
{
	const struct io_sqring_offsets *sq = &ring.params.sq_off;
	const struct io_cqring_offsets *cq = &ring.params.cq_off;
	const struct io_uring_cqe *done = (struct io_uring_cqe *)(ring.memory + cq->cqes);
	unsigned int *tail = ring_word(sq->tail), *head = ring_word(cq->head);
	unsigned int slot = *tail & *ring_word(sq->ring_mask);
	int result;

	ring.entries[slot] = *what;
	ring_word(sq->array)[slot] = slot;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring.fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -errno;
	result = done[*head & *ring_word(cq->ring_mask)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

#endif
