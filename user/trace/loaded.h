/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The seccomp filters that a process really has, read back from the kernel, and its capabilities; and which
 * threads have others. */
#ifndef LEASTCALL_LOADED_H
#define LEASTCALL_LOADED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/filter.h>

#include "util/util.h"

struct loaded {
	struct sock_fprog *filters; /* the oldest first; owned */
	size_t count;
	bool is_strict; /* seccomp's strict mode: one filter that says the same stands for it */
	uint64_t effective, bounding; /* capabilities, bits: proc_pid_status(5) */
	uint64_t all;                 /* those that anybody can have here: our own bounding set */
	bool no_new_privileges;
};

/*
 * Of the process's first thread, which is stopped for that moment: ptrace(2) PTRACE_SECCOMP_GET_FILTER.
 * Needs CAP_SYS_ADMIN and CAP_SYS_PTRACE, and no filter of our own. Returns 0 and *ret for
 * loaded_drop(), or a negative errno with the words in err: -ESRCH where the process is gone, -EBUSY
 * where somebody traces it already.
 */
int loaded_read(pid_t pid, struct loaded *ret, struct err *err);
void loaded_drop(struct loaded *loaded);

/* Threads, held against such a process. */
struct loaded_threads {
	size_t count;
	size_t fewer;   /* with fewer filters */
	size_t none;    /* ... with none at all; they are among the fewer */
	size_t more;    /* with more filters */
	size_t capable; /* with a capability in their effective set that it has not */
};
/* Adds those of a process, the first one too; what has ended meanwhile is none. */
void loaded_threads_add(pid_t pid, const struct loaded *loaded, struct loaded_threads *sum);

#endif
