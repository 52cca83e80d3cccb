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

#include "event.h"
#include "model/fact.h"
#include "util/util.h"

struct sink {
	/* Strings in the fact are valid for the duration of the call. */
	void (*add)(void *ctx, const struct fact *fact);
	void *ctx;
};

/* What a workload is, and so what its tasks' steps come to (bpf/event.h). */
enum workload_kind {
	WORKLOAD_PLAIN,     /* a command, a process, a cgroup: all is the application */
	WORKLOAD_UNIT,      /* from its first exec on: what it executes may be of the host */
	WORKLOAD_CONTAINER, /* from its first exec under a new filter, or in other namespaces on */
};

/* Strings are borrowed for the duration of the call, and escaped but for the engine's. */
struct workload_name {
	enum workload_kind kind;
	const char *name;
	const char *engine, *id, *image; /* of a container or a unit, else NULL */
};

/* Says what a new cgroup is: VERDICT_WANTED, VERDICT_FOREIGN, or VERDICT_NONE where that is not
 * known yet: it is asked again soon. `path` is below the mount; `maker` is the process that made
 * it, which may be gone, or 0. */
struct judge {
	enum verdict (*decide)(void *ctx, const char *path, pid_t maker, struct workload_name *ret);
	void *ctx;
};

/* A workload that is known beforehand. */
struct tracer_target {
	uint64_t cgroup_id; /* the inode of its directory; 0: a process tree */
	const char *cgroup; /* its path, escaped; NULL: it has none */
	struct workload_name name;
};

struct tracer_options {
	bool tree;      /* the process `pid` and its descendants; else the targets' cgroups */
	pid_t pid;      /* with `tree` and `from_exec` */
	bool from_exec; /* `pid` counts from its first exec on */
	bool split;     /* each cgroup below the targets is a workload of its own */
	bool wait;      /* new cgroups are brought before the judge */
	enum hierarchy hierarchy; /* the one that counts */
	uint32_t hierarchy_id;
	const struct tracer_target *targets; /* borrowed, as all that it points to */
	size_t targets_count;
	struct judge judge;       /* for split and wait */
	bool files;               /* look at sys_exit: results, files, sockets, denied calls */
	enum args_level args;     /* whose arguments are told apart */
	bool stacks;              /* tell the user stacks of calls' first times */
	const char *btf;          /* stands in for /sys/kernel/btf/vmlinux; NULL: that is there */
	size_t ring_size;         /* bytes; a power of two, a multiple of the page size */
	const char *run;          /* the run's id, for the facts */
	bool has_root;            /* the first executable recorded is the workload's own */
	bool mark_on_accept;      /* the first connection that is accepted sets the serving mark */
	const char *mark_on_text; /* ... or this text, when it is written; NULL */
	struct sink sink;
};

struct tracer;

/* Loads and attaches: from its return on every call counts. Strings in options are borrowed until
 * tracer_free(). Returns 0, or a negative errno with the words in err. */
int tracer_open(struct tracer **ret, const struct tracer_options *options, struct err *err);
/* Readable when tracer_drain() should not wait any longer. It stays the tracer's. */
int tracer_fd(const struct tracer *tracer);
/* Tells the sink what came since the last time. Call it a few times a second all the same. What fails
 * is the serving mark, or that tasks which are not wanted are let go at once; all else was done. */
int tracer_drain(struct tracer *tracer, struct err *err);
/* Tasks of the workloads, and of cgroups that are not judged yet, that live. */
int64_t tracer_live(const struct tracer *tracer);
/* Cgroups that were found to be wanted so far, the targets included. */
size_t tracer_wanted(const struct tracer *tracer);
/* True where the kernel side has a number for this cgroup. */
bool tracer_knows(const struct tracer *tracer, uint64_t cgroup_id);
/* Can the kernel side's tables be read with the capabilities that are left? Before Linux 5.19 not
 * without CAP_BPF. */
bool tracer_is_readable(const struct tracer *tracer);
/* There was no room for cgroups: calls in them were not counted. */
bool tracer_lacks_cgroups(const struct tracer *tracer);
/* Another target that runs already. Nothing happens where its cgroup is known. Returns 0, or a
 * negative errno with the words in err, as does tracer_mark(). */
int tracer_add(struct tracer *tracer, const struct tracer_target *target, struct err *err);
/* Sets the serving mark: what is called from now on is phase "serving". */
int tracer_mark(struct tracer *tracer, struct err *err);
bool tracer_is_marked(const struct tracer *tracer);
/* Forgets the past: first_ns counts from now on. */
void tracer_start_clock(struct tracer *tracer);

struct tracer_progress {
	uint64_t calls;       /* counted in the array of the first slots: nearly all of them */
	size_t distinct;      /* facts told so far */
	uint64_t last_new_ns; /* CLOCK_MONOTONIC of the last one; 0: none yet */
};
void tracer_progress(struct tracer *tracer, struct tracer_progress *ret);
/*
 * Tells `sink`, and nobody else, what has been counted so far, while recording goes on: calls (without
 * their errors) and denied calls with how often, sockets and capabilities. A call may come in several
 * facts, whose counts are to be summed up. Returns 0, or a negative errno with the words in err.
 */
int tracer_count(struct tracer *tracer, const struct sink *sink, struct err *err);

/*
 * Detaches, reads every counter, tells the sink all facts with their final numbers, what was lost
 * (FACT_INCOMPLETE), and the end (with `status`, see fact.h). *ret_complete is false where
 * something was lost. Returns 0, or a negative errno with the words in err: then the end was not
 * told.
 */
int tracer_finish(struct tracer *tracer, int status, bool *ret_complete, struct err *err);
void tracer_free(struct tracer *tracer);

#endif
