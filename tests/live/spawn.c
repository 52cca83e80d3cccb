/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Children made by vfork(), posix_spawn(), clone() with a shared memory, and clone3().
 */
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char stack[65536] __attribute__((aligned(16)));

static int shared_child(void *arg)
{
	(void)arg;
	getpgrp();
	return 4;
}

static int wait_for(pid_t pid)
{
	int status = 0;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WEXITSTATUS(status);
}

int main(void)
{
	char *args[] = {"/bin/sh", "-c", "exit 3", NULL}, *none[] = {NULL};
	struct clone_args clone3 = {.exit_signal = SIGCHLD};
	posix_spawn_file_actions_t actions;
	int codes[4] = {0};
	pid_t pid;

	pid = vfork();
	if (pid == 0) {
		execve(args[0], args, none);
		_exit(127);
	}
	codes[0] = wait_for(pid);

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
	if (posix_spawn(&pid, args[0], &actions, NULL, args, none))
		return 1;
	codes[1] = wait_for(pid);

	codes[2] = wait_for(clone(shared_child, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL));

	pid = (pid_t)syscall(SYS_clone3, &clone3, sizeof(clone3));
	if (pid == 0)
		_exit(getsid(0) > 0 ? 5 : 6);
	codes[3] = wait_for(pid);
	printf("%d %d %d %d\n", codes[0], codes[1], codes[2], codes[3]);
	return 0;
}
