/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The user stack of a call's first time, as bytes: user/trace/stack.c knows what frames are in it. */
#ifndef LEASTCALL_STACK_H
#define LEASTCALL_STACK_H

static __always_inline void registers_read(struct event_stack *event, const struct pt_regs *regs)
{
	struct stack_registers *to = &event->registers;

	to->ip = regs->ip;
	to->sp = regs->sp;
	to->ax = regs->ax;
	to->bx = regs->bx;
	to->cx = regs->cx;
	to->dx = regs->dx;
	to->si = regs->si;
	to->di = regs->di;
	to->bp = regs->bp;
	to->r8 = regs->r8;
	to->r9 = regs->r9;
	to->r10 = regs->r10;
	to->r12 = regs->r12;
	to->r13 = regs->r13;
	to->r14 = regs->r14;
	to->r15 = regs->r15;
}

/* Whole pages, the one of the stack pointer first; the process may be gone soon: the collector is
 * woken. */
static __noinline void stack_tell(const struct cell_key *key)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	struct event_stack *event;

	if (BPF_CORE_READ_BITFIELD(task, in_execve)) /* its stack is the new program's */
		return;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) /* the collector sees which calls have none */
		return;
	event->kind = EVENT_STACK;
	event->key = *key;
	event->process = process_id(task);
	event->pages = 0;
	registers_read(event, regs);
	event->base = regs->sp & ~(__u64)(STACK_PAGE - 1);
	for (int i = 0; i < STACK_PAGES; i++) {
		if (bpf_probe_read_user(event->bytes[i], STACK_PAGE,
					(void *)(event->base + i * STACK_PAGE)) < 0)
			break;
		event->pages = i + 1;
	}
	bpf_ringbuf_submit(event, BPF_RB_FORCE_WAKEUP);
}

#endif
