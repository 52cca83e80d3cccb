/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A daemon: forks twice, leaves its session, and is at work after its parents have gone. It writes
 * argv[1], so that whoever waits can see that it is done.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void become_daemon(int ready)
{
	char byte;

	if (fork() > 0)
		_exit(0);
	setsid();
	if (fork() > 0)
		_exit(0);
	/* until the first process has gone: the pipe's last writer */
	while (read(ready, &byte, 1) > 0)
		;
	umask(022);
	if (chdir("/"))
		_exit(1);
}

int main(int argc, char **argv)
{
	char *path = argc > 1 ? realpath(argv[1], NULL) : NULL;
	int ends[2], fd;
	pid_t pid;

	if (!path || pipe(ends))
		return 2;
	pid = fork();
	if (pid > 0) {
		waitpid(pid, NULL, 0);
		return 0;
	}
	close(ends[1]);
	become_daemon(ends[0]);
	if (nice(1) < 0)
		return 1;
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0 || write(fd, "daemon\n", 7) != 7 || fdatasync(fd) || close(fd))
		return 1;
	getpriority(PRIO_PROCESS, 0);
	return 0;
}
