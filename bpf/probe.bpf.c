/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Does a program on tp_btf/sys_enter run with preemption off?
 *
 * Where it does not (seen on 7.2 and 7.3 with lazy preemption), a task that is preempted inside the
 * program leaves its per-CPU `active` mark set, and the kernel skips the program for every other
 * task's calls on that CPU: up to a third of all calls is lost, and only bpf_prog_info's
 * recursion_misses shows it. So the recorder asks first (user/trace/preempt.c): this program spins
 * inside one call of one thread, while another thread of the recorder waits for that CPU. If the
 * other one gets to run meanwhile, the answer is no.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define SPINS_MAX (1u << 23) /* BPF_MAX_LOOPS */

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile __u64 ns_device, ns_inode; /* the recorder's pid namespace */
const volatile __u32 thread;              /* in it: the one whose call spins */
const volatile __u64 spin_ns;             /* how long at most */
volatile __u32 armed;                     /* by the user side: its next call is the one */
volatile __u32 spinning, done;            /* written here, read by the user side */
volatile __u32 process;                   /* the recorder's id in the initial pid namespace ... */
volatile __u32 pid_level;                 /* ... and how deep its own one is */
volatile __u32 preempted;                 /* written by the user side's other thread */
volatile __u32 registers; /* where a task's are, from where its stack begins: KERNEL_5_10 */

#ifndef KERNEL_5_10

static long spin(__u32 i, __u64 *end)
{
	return preempted || bpf_ktime_get_ns() > *end;
}

static __always_inline void look(void *ctx)
{
	__u64 end = bpf_ktime_get_ns() + spin_ns;

	bpf_loop(SPINS_MAX, spin, &end, 0);
}

#else

/* Nothing is skipped before Linux 6.1, and no tracepoint runs preemptibly before 6.19. */
static __always_inline void look(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 regs = 0;

	bpf_probe_read_kernel(&regs, sizeof(regs), ctx); /* the first argument */
	registers = regs - (__u64)BPF_CORE_READ(task, stack);
}

#endif

SEC("tp_btf/sys_enter")
int BPF_PROG(spin_enter)
{
	struct bpf_pidns_info who = {};

	if (!armed || done || bpf_get_ns_current_pid_tgid(ns_device, ns_inode, &who, sizeof(who)) ||
	    who.pid != thread)
		return 0;
	process = bpf_get_current_pid_tgid() >> 32;
	pid_level = BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), thread_pid, level);
	spinning = 1;
	look(ctx);
	done = 1;
	return 0;
}
