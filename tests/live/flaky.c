/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Does not do the same in each run: flaky FILE, which holds how often it ran. getpgid(2) is called in
 * each run, with no look at the result; getsid(2) in every third one, which must succeed. With "hang"
 * it does not come to an end where getpgid fails.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	unsigned char runs = 0;
	long group;
	int fd;

	if (argc < 2)
		return 2;
	fd = open(argv[1], O_RDWR | O_CREAT, 0600);
	if (fd < 0 || pread(fd, &runs, 1, 0) < 0)
		return 2;
	runs++;
	if (pwrite(fd, &runs, 1, 0) != 1)
		return 2;
	group = syscall(SYS_getpgid, 0);
	if (group < 0 && argc > 2 && !strcmp(argv[2], "hang"))
		for (;;)
			pause();
	if (runs % 3 == 0 && syscall(SYS_getsid, 0) < 0)
		return 1;
	return 0;
}
