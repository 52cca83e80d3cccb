/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Starting COMMAND: everything is looked up before the fork, and the child stops right before its
 * execve until it is released, so that nothing but that call lies between. */
#ifndef LEASTCALL_COMMAND_H
#define LEASTCALL_COMMAND_H

#include <linux/filter.h>
#include <signal.h>
#include <sys/types.h>

#include "util/util.h"

/*
 * What the child puts on right before its execve, which is then the first call that a filter judges:
 * the profile need not allow anything of ours. All of it is borrowed.
 */
struct confine {
	struct sock_fprog filter;
	const char *apparmor; /* a profile that is loaded, entered at the execve; NULL: none */
	/* The same filter asking a supervisor; loaded with a listener (seccomp_unotify(2)). Without
	 * code there is none. Where the kernel refuses a listener, `filter` is loaded. */
	struct sock_fprog asking;
};

/* Puts it on at once, in this process; nothing asks a supervisor. Returns 0, or a negative errno with the
 * words in err. */
int confine_enter(const struct confine *confine, struct err *err);

struct command {
	pid_t pid;
	int release_fd;                /* closed or written to by command_release() */
	int result_fd;                 /* at its end the child executes, or is gone */
	struct sigaction sigchld;      /* as it was: the command gets it back */
	const struct confine *confine; /* set before command_spawn(); NULL: nothing is put on */
	struct command_report *report; /* the child's, shared: a filter may refuse any other way */
	int code;                      /* why it did not execute: a negative errno; 0: it did */
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
/*
 * Lets the child execute the file at `path`. Returns 0 once it did; -ENOENT and -EACCES where it
 * can't be executed (its interpreter is missing; anything else, a filter among it), -EPERM where the
 * user can't be become, or it can't be confined. The child is the caller's to wait for, also where it
 * failed. One that asks a supervisor is not waited for: 0.
 */
int command_release(struct command *command, const char *path, struct err *err);
/*
 * Of a child that was released and asks a supervisor. Its listener: a descriptor of ours, or -EAGAIN
 * as long as it has not loaded its filter, or why there is none (-EBUSY: another one has it already).
 */
int command_listener(const struct command *command);
/* ... and, once the child has ended, what command_release() tells of others. Before it is reaped. */
int command_outcome(struct command *command, const char *path, struct err *err);
/* Ends a child that was never released, and waits for it. */
void command_abandon(struct command *command);

#endif
