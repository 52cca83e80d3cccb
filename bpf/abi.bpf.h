/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which table a system call number belongs to, and where its arguments are. x86 only.
 */
#ifndef LEASTCALL_ABI_H
#define LEASTCALL_ABI_H

#define TS_COMPAT 2 /* asm/thread_info.h: in a 32-bit system call; what in_ia32_syscall() tests */

#define NR_I386_SOCKETCALL 102
#define NR_I386_IPC        117

static __always_inline bool call_is_native(struct task_struct *task)
{
	return !(FIELD(task, thread_info.status) & TS_COMPAT);
}

/* The call that the task is in. x32 is told by bit 30 alone: -1 (a call that ptrace took away) and
 * other numbers with bit 31 are not of that table. */
static __always_inline struct cell_key call_of(struct task_struct *task, long id)
{
	struct cell_key key = {.nr = (__u32)id, .abi = CALL_X86_64};

	if (!call_is_native(task)) {
		key.abi = CALL_I386;
	} else if (key.nr >> 30 == 1) {
		key.abi = CALL_X32;
		key.nr &= ~(1u << 30);
	}
	return key;
}

static __always_inline bool call_is_multiplexed(const struct cell_key *key)
{
	return key->abi == CALL_I386 && (key->nr == NR_I386_SOCKETCALL || key->nr == NR_I386_IPC);
}

/* Argument n of the call; known when the program is compiled. arch/x86/entry: both ABIs. */
static __always_inline __u64 call_arg(struct pt_regs *regs, __u16 abi, int n)
{
	if (abi == CALL_I386) {
		switch (n) {
		case 0:
			return (__u32)FIELD(regs, bx);
		case 1:
			return (__u32)FIELD(regs, cx);
		case 2:
			return (__u32)FIELD(regs, dx);
		case 3:
			return (__u32)FIELD(regs, si);
		case 4:
			return (__u32)FIELD(regs, di);
		default:
			return (__u32)FIELD(regs, bp);
		}
	}
	switch (n) {
	case 0:
		return FIELD(regs, di);
	case 1:
		return FIELD(regs, si);
	case 2:
		return FIELD(regs, dx);
	case 3:
		return FIELD(regs, r10);
	case 4:
		return FIELD(regs, r8);
	default:
		return FIELD(regs, r9);
	}
}

/* socketcall's call, or ipc's (whose upper half is a version: ipc/syscall.c). */
static __always_inline __u16 call_sub(struct pt_regs *regs)
{
	return (__u16)FIELD(regs, bx);
}

#endif
