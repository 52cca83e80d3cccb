/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is done to other tasks: signals, tracing, looking into their memory. The peer is told as the
 * workload that it is of; what that comes to is the user side's.
 */
#ifndef LEASTCALL_PEERS_H
#define LEASTCALL_PEERS_H

#define PTRACE_TRACEME 0
#define PTRACE_ATTACH  16
#define PTRACE_SEIZE   0x4206

#define SI_QUEUE        -1 /* asm-generic/siginfo.h */
#define SI_SIGIO        -5
#define SEND_SIG_NOINFO 0 /* linux/sched/signal.h: in place of a siginfo */
#define SEND_SIG_PRIV   1

#define IDR_DEPTH 6 /* levels of 64 entries: more than ids have bits */
#define IDR_SLOTS 64
#define IDR_INNER 2 /* linux/radix-tree.h: the tag of what is no entry */

/* Of a task that is only known by its address, by which it has no state here. */
static __always_inline __u32 workload_of_peer(struct task_struct *task)
{
	if (config.scope == SCOPE_CGROUPS)
		return workload_find((__u64)cgroup_of(task), config.split);
	return descends_from_target(task) ? WORKLOAD_FIRST : WORKLOAD_NONE;
}

static __always_inline struct task_struct *task_of_pid(struct pid *pid)
{
	struct hlist_node *first = BPF_CORE_READ(pid, tasks[0].first); /* PIDTYPE_PID */

	if (!first)
		return 0;
	return (void *)first - bpf_core_field_offset(struct task_struct, pid_links);
}

/* The task that has this number in the current one's pid namespace: idr_find(), lib/idr.c. */
static __always_inline struct task_struct *task_find(__u32 number)
{
	struct pid *own = BPF_CORE_READ(task_current(), thread_pid);
	struct upid *last = &own->numbers[BPF_CORE_READ(own, level)];
	__u64 entry = (__u64)BPF_CORE_READ(last, ns, idr.idr_rt.xa_head);
	__u32 shift = 0;

	for (int i = 0; i < IDR_DEPTH && (entry & 3) == IDR_INNER; i++) {
		struct xa_node *node = (void *)(entry - IDR_INNER);

		shift = BPF_CORE_READ(node, shift);
		if (!i && number >> shift >= IDR_SLOTS)
			return 0;
		bpf_probe_read_kernel(&entry, sizeof(entry),
				      &node->slots[number >> shift & (IDR_SLOTS - 1)]);
	}
	return entry && !shift ? task_of_pid((struct pid *)entry) : 0;
}

/* Behind a pidfd: in its inode where they have some of their own (6.9), else in the file. */
static __always_inline struct task_struct *task_of_pidfd(struct task_struct *task, __u32 fd)
{
	struct file *file = file_of(task, fd);
	struct pid *pid = BPF_CORE_READ(file, f_inode, i_private);

	if (!pid)
		pid = BPF_CORE_READ(file, private_data);
	return pid ? task_of_pid(pid) : 0;
}

static __always_inline void peer_add(struct task_struct *task, __u32 slot, __u32 done,
				     struct task_struct *peer)
{
	operation_add(slot, done, 0, peer ? workload_of_peer(peer) : WORKLOAD_LOST);
	if (config.inferred && peer)
		trace_infer(task, peer, slot);
}

/* __ptrace_may_access() asks nobody where a process looks at itself. */
static __always_inline void access_add(struct task_struct *task, __u32 slot, __u32 done,
				       struct task_struct *peer)
{
	if (!peer || BPF_CORE_READ(peer, tgid) != FIELD(task, tgid))
		peer_add(task, slot, done, peer);
}

static __always_inline void ptrace_look(struct task_struct *task, __u32 slot, __u64 request,
					__u32 number)
{
	if (request == PTRACE_TRACEME)
		operation_add(slot, DONE_TRACE, 0, workload_of_peer(BPF_CORE_READ(task, parent)));
	else if (request == PTRACE_ATTACH || request == PTRACE_SEIZE)
		peer_add(task, slot, DONE_TRACE, task_find(number));
}

/*
 * A successful call that reached another task. A global function: verified once for all its callers.
 */
__noinline int peers_look(__u32 class, __u32 slot, __u32 abi)
{
	struct task_struct *task = task_current();
	struct pt_regs *regs = task_registers(task);
	__u32 first = call_arg(regs, abi, 0), second = call_arg(regs, abi, 1);

	switch (class) {
	case CLASS_PTRACE:
		ptrace_look(task, slot, call_arg(regs, abi, 0), second);
		break;
	case CLASS_PID_TRACE:
		access_add(task, slot, DONE_TRACE, task_find(first));
		break;
	case CLASS_FD_NEW:
		access_add(task, slot, DONE_TRACE, task_of_pidfd(task, first));
		break;
	case CLASS_PIDFD_READ:
		access_add(task, slot, DONE_READ, task_of_pidfd(task, first));
		break;
	case CLASS_KCMP:
		access_add(task, slot, DONE_READ, task_find(first));
		access_add(task, slot, DONE_READ, task_find(second));
		break;
	case CLASS_PID_READ: /* 0 is the caller, and so is what perf_event_open(2) calls -1 */
		if ((__s32)first > 0)
			access_add(task, slot, DONE_READ, task_find(first));
		break;
	case CLASS_SECOND_READ:
		if ((__s32)second > 0)
			access_add(task, slot, DONE_READ, task_find(second));
		break;
	}
	return 0;
}

/* Up to seven bytes of a name, as they lie in memory. */
#define WORD(a, b, c, d, e, f, g)                                                                  \
	((__u64)(a) | (__u64)(b) << 8 | (__u64)(c) << 16 | (__u64)(d) << 24 | (__u64)(e) << 32 |   \
	 (__u64)(f) << 40 | (__u64)(g) << 48)

/*
 * A file of /proc was opened: those of another process that tell of its memory and its like are
 * behind ptrace_may_access() (fs/proc/base.c, task_mmu.c), where they are opened or read.
 */
__noinline int proc_look(__u64 file_address, __u32 slot)
{
	struct task_struct *task = task_current();
	struct file *file = (void *)file_address;
	struct proc_inode *inode = (void *)BPF_CORE_READ(file, f_inode) -
				   bpf_core_field_offset(struct proc_inode, vfs_inode);
	struct pid *pid = BPF_CORE_READ(inode, pid);
	__u32 done = DONE_READ;
	__u64 name = 0;

	bpf_probe_read_kernel_str(&name, sizeof(name),
				  BPF_CORE_READ(file, f_path.dentry, d_name.name));
	switch (name) {
	case WORD('m', 'e', 'm', 0, 0, 0, 0):
	case WORD('s', 't', 'a', 'c', 'k', 0, 0):
	case WORD('s', 'y', 's', 'c', 'a', 'l', 'l'):
	case WORD('p', 'e', 'r', 's', 'o', 'n', 'a'): /* personality */
		done = DONE_TRACE;
		break;
	case WORD('m', 'a', 'p', 's', 0, 0, 0):
	case WORD('s', 'm', 'a', 'p', 's', 0, 0):
	case WORD('s', 'm', 'a', 'p', 's', '_', 'r'): /* smaps_rollup */
	case WORD('n', 'u', 'm', 'a', '_', 'm', 'a'): /* numa_maps */
	case WORD('p', 'a', 'g', 'e', 'm', 'a', 'p'):
	case WORD('e', 'n', 'v', 'i', 'r', 'o', 'n'):
	case WORD('a', 'u', 'x', 'v', 0, 0, 0):
	case WORD('i', 'o', 0, 0, 0, 0, 0):
		break;
	default:
		return 0;
	}
	if (pid)
		access_add(task, slot, done, task_of_pid(pid));
	return 0;
}

/* As check_kill_permission() has it, si_fromuser(): the kernel's own signals ask nobody. Those of
 * timers and of descriptors may come in an interrupt, and call themselves a user's. */
static __always_inline bool is_from_user(struct kernel_siginfo *info)
{
	int code;

	if ((__u64)info <= SEND_SIG_PRIV)
		return (__u64)info == SEND_SIG_NOINFO;
	code = BPF_CORE_READ(info, si_code);
	return code <= 0 && (code >= SI_QUEUE || code < SI_SIGIO);
}

SEC("tp_btf/signal_generate")
int BPF_PROG(on_signal, int number, struct kernel_siginfo *info, struct task_struct *task)
{
	struct task_struct *sender = task_current();
	struct task_state *state = state_of(sender), *peer;
	struct cell_key call;

	if (!state || state->slot == SLOT_NONE || !is_from_user(info))
		return 0;
	call = call_of(sender, (__s32)FIELD(task_registers(sender), orig_ax));
	if (class_of(&call) != CLASS_SIGNAL)
		return 0;
	peer = state_of(task);
	operation_add(state->slot, DONE_SIGNAL, number,
		      peer && peer->last ? peer->last : workload_of_peer(task));
	if (config.inferred)
		signal_infer(sender, task, state->slot);
	return 0;
}

#endif
