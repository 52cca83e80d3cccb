/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Starting COMMAND: everything is looked up before the fork, and the child stops right before its
 * execve until it is released, so that nothing but that call lies between. */
#ifndef LEASTCALL_COMMAND_H
#define LEASTCALL_COMMAND_H

#include <signal.h>
#include <sys/types.h>

#include "util/util.h"

struct command {
	pid_t pid;
	int release_fd;           /* closed or written to by command_release() */
	int result_fd;            /* tells the errno of a failed execve */
	struct sigaction sigchld; /* as it was: the command gets it back */
};

/* The file that execvp() would execute; the caller frees it. -ENOENT: not found, -EACCES: found,
 * but it cannot be executed. */
int command_find(const char *name, char **ret_path, struct err *err);
/*
 * Forks. `user`: a login name to become, or NULL; `mask`: the signal mask that the command gets.
 * The child waits for command_release() or command_abandon(), one of which must follow. Returns 0,
 * -EINVAL where there is no such user, or another negative errno, with the words in err and nothing
 * to end.
 */
int command_spawn(struct command *command, const char *path, char **argv, const char *user,
		  const sigset_t *mask, struct err *err);
/* Lets the child execute the file at `path`. Returns 0 once it did; -ENOENT and -EACCES where it
 * can't be executed (its interpreter is missing; anything else), -EPERM where the user can't be
 * become. The child is the caller's to wait for, also where it failed. */
int command_release(struct command *command, const char *path, struct err *err);
/* Ends a child that was never released, and waits for it. */
void command_abandon(struct command *command);

#endif
