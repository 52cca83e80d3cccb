/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Runs a program and reads what it says. Knows none. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "util/clock.h"
#include "util/util.h"

#define ANSWER_MAX (1u << 20)
#define ANSWER_NS  UINT64_C(10000000000)

/* The child's pid, its stdout in *ret_fd; or -1. */
static pid_t child_start(const char *const argv[], const char *const env[], int *ret_fd)
{
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	if (posix_spawn_file_actions_init(&actions)) {
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	if (posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
	    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ||
	    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) ||
	    posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, (char *const *)env))
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (pid < 0)
		close(ends[0]);
	else
		*ret_fd = ends[0];
	return pid;
}

/* All that comes until the end, or nothing: half an answer may mean something else. */
static char *answer_read(int fd)
{
	uint64_t end = monotonic_ns() + ANSWER_NS, now;
	char *text = xcalloc(ANSWER_MAX + 1, 1);
	size_t size = 0;
	ssize_t got = -1;

	while (size < ANSWER_MAX && (now = monotonic_ns()) < end) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};

		if (poll(&wait, 1, (int)((end - now) / 1000000) + 1) <= 0)
			continue;
		got = read(fd, text + size, ANSWER_MAX - size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		size += (size_t)got;
	}
	if (got != 0)
		free(take(text));
	return text;
}

char *ask(const char *const argv[], const char *const env[])
{
	char *text;
	int fd = -1, status = -1;
	pid_t pid = child_start(argv, env, &fd);

	if (pid < 0)
		return NULL;
	text = answer_read(fd);
	close(fd);
	if (!text)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (status)
		free(take(text));
	return text;
}
