/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What record's parts share: record.c (options, targets, files), record_wait.c (until it ends). */
#ifndef LEASTCALL_RECORD_H
#define LEASTCALL_RECORD_H

#include "trace/cgroup.h"
#include "trace/command.h"
#include "trace/tracer.h"
#include "util/output.h"
#include "util/util.h"

struct record_options {
	const char *output, *seccomp, *apparmor;
	const char *user;
	const char *cgroup; /* --cgroup, as it was given */
	pid_t pid;          /* --pid; 0: not given */
	bool all;
	bool no_files;
	bool exact;
	bool allow_incomplete;
	bool progress;
	double duration; /* seconds; 0: no end */
	size_t ring_size;
	char **command; /* NULL: none */
};

/* How the recording came to its end. */
struct record_end {
	int status; /* the command's; 128 + N where a signal ended it; -1: it has not ended */
	int signal; /* the one that ended the recording; 0: none */
};

struct record_wait {
	const struct record_options *options;
	struct tracer *tracer;
	pid_t command;           /* 0: none */
	const char *cgroup;      /* its directory, where the recording ends with it; or NULL */
	pid_t pid;               /* the recording ends with this process and its tree; or 0 */
	uint64_t pid_start;      /* its start time in clock ticks */
	void (*tick)(void *ctx); /* after each drain: flush */
	void *ctx;
};

/* The signals that recording answers to; block them before forking. */
void record_signals(sigset_t *ret);
/* Drains and waits until the command, the cgroup or the process has ended, the time is over, or
 * signals say so. Returns 0, or a negative errno with the words in err. */
int record_wait(const struct record_wait *wait, struct record_end *ret, struct err *err);

#endif
