/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sets up an io_uring whose requests a thread of the kernel takes, and does nothing with it. */
#include <linux/io_uring.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	struct io_uring_params params = {.flags = IORING_SETUP_SQPOLL};

	if (syscall(SYS_io_uring_setup, 4, &params) < 0) {
		perror("io_uring_setup");
		return 1;
	}
	return 0;
}
