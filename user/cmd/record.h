/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of leastcall record share; nobody else includes it. */
#ifndef LEASTCALL_RECORD_H
#define LEASTCALL_RECORD_H

#include "model/model.h"
#include "trace/cgroup.h"
#include "trace/command.h"
#include "trace/tracer.h"
#include "util/output.h"
#include "util/util.h"

struct record_options {
	const char *output, *seccomp, *apparmor;
	const char *name; /* the workload's; NULL: from the target */
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

/* ---- record_sink.c ----------------------------------------------------------------------- */

struct recorder {
	struct record_options options;
	struct output file;
	bool has_file;
	int file_error;      /* the first failed write of the recording */
	struct model *model; /* NULL: no profile was asked for */
	int model_error;
	struct err model_err;
};

/* Opens the recording: -o, or NAME.leastcall.jsonl, or none where only profiles are wanted. */
int recorder_open(struct recorder *recorder, const char *name, struct err *err);
void recorder_add(void *recorder, const struct fact *fact); /* a struct sink's add */
void recorder_add_header(struct recorder *recorder, const char *run, const char *what,
			 const char *target);
void recorder_add_note(struct recorder *recorder, const char *run, const char *what,
		       const char *text);
/* What was learnt is on disk a tenth of a second later; a full disk is said while there is time. */
void recorder_flush(void *recorder);
/* Writes the profiles that were asked for, unless the recording is incomplete. */
int recorder_write_profiles(struct recorder *recorder, bool complete, struct err *err);

/* How the recording came to its end. */
struct record_end {
	int status; /* the command's; 128 + N where a signal ended it; -1: it has not ended */
	int signal; /* the one that ended the recording; 0: none */
};

struct record_wait {
	const struct record_options *options;
	struct tracer *tracer;
	pid_t command;           /* 0: none */
	const char *cgroup;      /* a directory: the recording ends when it is gone; or NULL */
	pid_t pid;               /* ... with this process and those that came of it; or 0 */
	uint64_t pid_start;      /* its start time in clock ticks */
	void (*tick)(void *ctx); /* after each drain: flush */
	void *ctx;
};

/* ---- record_target.c --------------------------------------------------------------------- */

struct session {
	char run[17];
	const char *what;
	char *name;      /* the workload's, escaped; NULL for --all */
	char *target;    /* for the header, escaped */
	char *path;      /* of the command's file */
	char *directory; /* of the target's cgroup */
	char *cgroup;    /* its path, escaped */
	struct cgroup_hierarchy hierarchy;
	struct cgroup_leaf leaf;
	struct command command;
	bool spawned;
	struct tracer_options trace;
	struct tracer *tracer;
	struct record_wait wait;
};

/* Finds the target. A command is started here, and waits. `mask`: the signal mask it gets. */
int session_place(struct session *session, const struct record_options *options,
		  const sigset_t *mask, struct err *err);
void session_free(struct session *session);

/* ---- record_wait.c ----------------------------------------------------------------------- */

/* The signals that recording answers to; block them before forking. */
void record_signals(sigset_t *ret);
/* Drains and waits until the command, the cgroup or the process has ended, the time is over, or
 * signals say so. Returns 0, or a negative errno with the words in err. */
int record_wait(const struct record_wait *wait, struct record_end *ret, struct err *err);

#endif
