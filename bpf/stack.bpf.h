/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The user stack of a call's first time, as bytes: user/trace/stack.c knows what frames are in it. */
#ifndef LEASTCALL_STACK_H
#define LEASTCALL_STACK_H

static __always_inline void registers_read(struct event_stack *event, const struct pt_regs *regs)
{
	struct stack_registers *to = &event->registers;

	to->ip = FIELD(regs, ip);
	to->sp = FIELD(regs, sp);
	to->ax = FIELD(regs, ax);
	to->bx = FIELD(regs, bx);
	to->cx = FIELD(regs, cx);
	to->dx = FIELD(regs, dx);
	to->si = FIELD(regs, si);
	to->di = FIELD(regs, di);
	to->bp = FIELD(regs, bp);
	to->r8 = FIELD(regs, r8);
	to->r9 = FIELD(regs, r9);
	to->r10 = FIELD(regs, r10);
	to->r12 = FIELD(regs, r12);
	to->r13 = FIELD(regs, r13);
	to->r14 = FIELD(regs, r14);
	to->r15 = FIELD(regs, r15);
}

/* Whole pages, the one of the stack pointer first; the process may be gone soon: the collector is
 * woken. */
static __noinline void stack_tell(const struct cell_key *key)
{
	struct task_struct *task = task_current();
	struct pt_regs *regs = task_registers(task);
	struct event_stack *event;

	if (BIT_FIELD(task, in_execve)) /* its stack is the new program's */
		return;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) /* the collector sees which calls have none */
		return;
	event->kind = EVENT_STACK;
	event->key = *key;
	event->process = process_id(task);
	event->pages = 0;
	registers_read(event, regs);
	event->base = FIELD(regs, sp) & ~(__u64)(STACK_PAGE - 1);
	for (int i = 0; i < STACK_PAGES; i++) {
		if (bpf_probe_read_user(event->bytes[i], STACK_PAGE,
					(void *)(event->base + i * STACK_PAGE)) < 0)
			break;
		event->pages = i + 1;
	}
	bpf_ringbuf_submit(event, BPF_RB_FORCE_WAKEUP);
}

#endif
