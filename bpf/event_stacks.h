/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stacks of calls' first times. A part of event.h, included by nothing else. */
#ifndef LEASTCALL_EVENT_STACKS_H
#define LEASTCALL_EVENT_STACKS_H

#define STACK_PAGE  4096
#define STACK_PAGES 4 /* the innermost part: deeper ones are cut */

/* Of x86-64; r11 and rcx are lost in a system call. */
struct stack_registers {
	__u64 ax, bx, cx, dx, si, di, bp, sp;
	__u64 r8, r9, r10, r12, r13, r14, r15, ip;
};

struct event_stack {
	__u32 kind;
	struct cell_key key;
	__u32 process; /* in the recorder's pid namespace; 0: not in there */
	__u32 pages;   /* of bytes that could be read */
	struct stack_registers registers;
	__u64 base; /* the address of bytes */
	char bytes[STACK_PAGES][STACK_PAGE];
};
_Static_assert(sizeof(struct event_stack) ==
		       24 + sizeof(struct stack_registers) + 8 + STACK_PAGES * STACK_PAGE,
	       "event_stack has no padding");

#endif
