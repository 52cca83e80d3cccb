/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * io_uring without a library: what its operations do is no system call, what drives it is. Exits
 * with 77 where the kernel has none or refuses it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "uring.h"

int main(void)
{
	struct io_uring_sqe sqe = {.opcode = IORING_OP_NOP};
	char text[64] = "";
	int file;

	if (!ring_setup())
		return 1;
	printf("nop %d\n", ring_submit(&sqe));

	memset(&sqe, 0, sizeof(sqe));
	sqe.opcode = IORING_OP_OPENAT;
	sqe.fd = AT_FDCWD;
	sqe.addr = (unsigned long)"/proc/sys/kernel/ostype";
	file = ring_submit(&sqe);

	memset(&sqe, 0, sizeof(sqe));
	sqe.opcode = IORING_OP_READ;
	sqe.fd = file;
	sqe.addr = (unsigned long)text;
	sqe.len = sizeof(text) - 1;
	printf("read %d %s", ring_submit(&sqe), text);
	return 0;
}
