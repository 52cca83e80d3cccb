/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The frames of user stacks: who called whom, down to a system call. The bytes and registers come
 * from the kernel side, what is mapped where from /proc, and how to unwind and what functions are
 * called from the ELF files, by libdw. Those are the workload's, and may be made to harm: they are read
 * in a process of their own that has no capability, little time and nothing of the recorder's.
 *
 * Stacks are taken as they come, when their processes are there to be looked at, and unwound later.
 */
#ifndef LEASTCALL_STACK_H
#define LEASTCALL_STACK_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

#define STACK_DEPTH 32 /* frames that are told */

struct frame {
	char *file; /* what is mapped there: a path in the process's root, or "[vdso]"; escaped */
	char *function;  /* escaped; NULL: no symbol covers it */
	char *build_id;  /* hex digits; NULL: not known */
	uint64_t offset; /* in the function, or, where there is none, in the file */
};

struct stack {
	struct frame frames[STACK_DEPTH]; /* the innermost one first */
	uint32_t count;
};

struct stack_sink {
	/* Unmaps what is shared with the kernel side: called in the process that reads the files. */
	void (*forget)(void *ctx);
	/* One stack; it is borrowed. */
	void (*tell)(void *ctx, const struct cell_key *key, const struct stack *stack);
	void *ctx;
};

struct stacks;

struct stacks *stacks_new(const struct stack_sink *sink);
/* Keeps a stack of a program that is known by `exe`. Where there are many, they are told. */
void stacks_take(struct stacks *stacks, const struct event_stack *event, uint32_t exe);
/* Tells all that are kept, with what frames could be found; waits for some seconds at most. */
void stacks_flush(struct stacks *stacks);
void stacks_free(struct stacks *stacks);

#endif
