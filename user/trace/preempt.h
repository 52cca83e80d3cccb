/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whether raw tracepoints can be used here: the measurement. What is done then, the tracer knows. */
#ifndef LEASTCALL_PREEMPT_H
#define LEASTCALL_PREEMPT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/util.h"

struct preempt {
	bool preemptible;   /* raw tracepoints on system calls are: they lose calls */
	pid_t process;      /* this process's id in the initial pid namespace */
	uint32_t pid_level; /* how deep its own pid namespace is; 0: the initial one */
	bool old;           /* the kernel takes the older form of the kernel side: object.h */
	uint32_t registers; /* with that: where a task's are, from where its stack begins */
};

/*
 * Finds out by trying whether BTF raw tracepoints on system calls can be preempted (bpf/probe.bpf.c
 * says what that would lose), and, as it is there, who we are to the kernel. Takes up to 40 ms.
 * Returns 0, or a negative errno with the words in err where BPF was refused or did not run.
 */
int preempt_probe(struct preempt *ret, struct err *err);

#endif
