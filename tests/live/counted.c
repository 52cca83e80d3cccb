/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * counted COUNT FILE: a child sends that many signals, which are queued, as fast as they are taken; FILE is
 * there when they are about to come. Prints how many came. Whoever stops it meanwhile may not lose one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t taken;

static void take(int signal)
{
	(void)signal;
	taken++;
}

static int send_all(pid_t to, long count)
{
	while (count > 0) {
		if (sigqueue(to, SIGRTMIN, (union sigval){0}) == 0)
			count--;
		else if (errno != EAGAIN)
			return 1;
		else
			usleep(100); /* RLIMIT_SIGPENDING */
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = take, .sa_flags = SA_RESTART};
	long count = argc == 3 ? atol(argv[1]) : 0;
	pid_t child;
	int status;

	if (!count || sigaction(SIGRTMIN, &action, NULL) < 0)
		return 2;
	close(open(argv[2], O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	child = fork();
	if (child == 0)
		_exit(send_all(getppid(), count));
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		return 1;
	printf("%d\n", (int)taken);
	return 0;
}
