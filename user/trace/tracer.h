/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel side, seen from the user side: load, attach, listen, read the counters. Hands facts to
 * a sink and knows no profile.
 */
#ifndef LEASTCALL_TRACER_H
#define LEASTCALL_TRACER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/fact.h"
#include "util/util.h"

struct sink {
	/* Strings in the fact are valid for the duration of the call. */
	void (*add)(void *ctx, const struct fact *fact);
	void *ctx;
};

enum target {
	TARGET_ALL,    /* every cgroup, each a workload */
	TARGET_CGROUP, /* a cgroup and what is below it */
	TARGET_TREE,   /* a process and its descendants */
};

struct tracer_options {
	enum target target;
	bool from_exec;       /* a task counts from its first exec in the target on */
	uint64_t cgroup_id;   /* TARGET_CGROUP: the inode of its directory */
	pid_t pid;            /* TARGET_TREE */
	bool files;           /* look at sys_exit: results, files, sockets, denied calls */
	size_t ring_size;     /* bytes; a power of two, a multiple of the page size */
	const char *run;      /* the run's id, for the facts */
	const char *workload; /* its name; NULL for TARGET_ALL */
	const char *cgroup;   /* its cgroup's path for the workload fact; may be NULL */
	bool has_root;        /* the first executable recorded is the workload's own */
	struct sink sink;
};

struct tracer;

/* Loads and attaches: from its return on every call counts. Strings in options are borrowed until
 * tracer_free(). Returns 0, or a negative errno with the words in err. */
int tracer_open(struct tracer **ret, const struct tracer_options *options, struct err *err);
/* Readable when tracer_drain() should not wait any longer. It stays the tracer's. */
int tracer_fd(const struct tracer *tracer);
/* Tells the sink what came since the last time. Call it a few times a second all the same. */
void tracer_drain(struct tracer *tracer);
/* Tasks of the target that live; always 0 for TARGET_ALL. */
int64_t tracer_live(const struct tracer *tracer);
/* Forgets the past: first_ns counts from now on. */
void tracer_start_clock(struct tracer *tracer);

struct tracer_progress {
	uint64_t calls;       /* counted in the array of the first slots: nearly all of them */
	size_t distinct;      /* facts told so far */
	uint64_t last_new_ns; /* CLOCK_MONOTONIC of the last one; 0: none yet */
};
void tracer_progress(struct tracer *tracer, struct tracer_progress *ret);

/*
 * Detaches, reads every counter, tells the sink all facts with their final numbers, what was lost
 * (FACT_INCOMPLETE), and the end (with `status`, see fact.h). *ret_complete is false where
 * something was lost.
 */
int tracer_finish(struct tracer *tracer, int status, bool *ret_complete, struct err *err);
void tracer_free(struct tracer *tracer);

#endif
