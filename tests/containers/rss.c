/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Runs a command, passes SIGINT and SIGTERM on to it, and writes the most memory that it had at any
 * time, in KiB, to a file: `rss FILE COMMAND...`. Its exit status is the command's.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t pid;

static void pass(int signal)
{
	kill(pid, signal);
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = pass, .sa_flags = SA_RESTART};
	struct rusage usage;
	int status;
	FILE *file;

	if (argc < 3)
		return 2;
	/* vfork: the memory before the execve is ours and counts, too. */
	pid = vfork();
	if (!pid) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 2;
	file = fopen(argv[1], "w");
	if (!file || fprintf(file, "%ld\n", usage.ru_maxrss) < 0 || fclose(file))
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
