/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Capabilities on kernels that do not tell which are used: a call succeeded that asks for one, the
 * task had it, and where the kernel's state still shows what the answer hung on, it hung on that.
 * Which calls, the user side knows (inferred_classes). The file that a name led to, and what an object
 * was before the call, is not known here: what hangs on that is not found.
 */
#ifndef LEASTCALL_INFERRED_H
#define LEASTCALL_INFERRED_H

#define CAP_DAC_OVERRIDE    1 /* linux/capability.h */
#define CAP_DAC_READ_SEARCH 2
#define CAP_KILL            5
#define CAP_SYS_PTRACE      19

#define S_IFCHR        0020000
#define S_IFBLK        0060000
#define AF_INET        2
#define AF_INET6       10
#define AF_PACKET      17
#define SOCK_RAW       3
#define SO_SNDBUFFORCE 32 /* asm-generic/socket.h */
#define SO_RCVBUFFORCE 33
#define SO_MARK        36
#define XT_BASE_CTL    64     /* linux/netfilter/x_tables.h */
#define SIOCADDRT      0x890b /* linux/sockios.h */
#define SIOCDELRT      0x890c
#define SIOCSIFFLAGS   0x8914
#define SIOCDIFADDR    0x8936
#define SIOCBRADDBR    0x89a0
#define SIOCBRDELIF    0x89a3
#define SCHED_FIFO     1
#define SCHED_RR       2
#define SCHED_DEADLINE 6
#define RESET_ON_FORK  0x40000000
#define GROUPS_LOOKED  32
#define MAY_READ       4
#define MAY_WRITE      2

/* What the task has, or had before this call, which may have given it up. */
static __always_inline bool is_capable(struct task_struct *task, __u32 capability)
{
	struct task_state *state = state_of(task);

	return (effective_of(task) | (state ? state->capable : 0)) >> capability & 1;
}

static __always_inline void capability_use(__u32 slot, __u32 capability)
{
	struct capability_key key = {.slot = slot, .capability = capability};
	__u64 one = 1;

	if (bpf_map_lookup_elem(&capabilities, &key))
		return;
	if (bpf_map_update_elem(&capabilities, &key, &one, BPF_ANY))
		LOST(capabilities);
}

static __always_inline bool is_in_group(const struct cred *cred, __u32 gid)
{
	struct group_info *groups = BPF_CORE_READ(cred, group_info);
	__u32 count = BPF_CORE_READ(groups, ngroups), one;

	if (BPF_CORE_READ(cred, fsgid.val) == gid)
		return true;
	for (__u32 i = 0; i < GROUPS_LOOKED && i < count; i++) {
		bpf_probe_read_kernel(&one, sizeof(one), &groups->gid[i]);
		if (one == gid)
			return true;
	}
	return false;
}

/* generic_permission(), without access control lists. */
static __always_inline void access_infer(struct task_struct *task, __u32 slot, struct file *file,
					 bool may_be_new)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	__u32 mode = BPF_CORE_READ(inode, i_mode), how = BPF_CORE_READ(file, f_mode), wanted;

	wanted = (how & FMODE_READ ? MAY_READ : 0) | (how & FMODE_WRITE ? MAY_WRITE : 0);
	if (BPF_CORE_READ(inode, i_uid.val) == BPF_CORE_READ(cred, fsuid.val)) {
		if (may_be_new) /* nobody asks what it may do with what it makes */
			return;
		mode >>= 6;
	} else if (is_in_group(cred, BPF_CORE_READ(inode, i_gid.val))) {
		mode >>= 3;
	}
	if (!(wanted & ~mode))
		return;
	if (wanted == MAY_READ && is_capable(task, CAP_DAC_READ_SEARCH))
		capability_use(slot, CAP_DAC_READ_SEARCH);
	else if (is_capable(task, CAP_DAC_OVERRIDE))
		capability_use(slot, CAP_DAC_OVERRIDE);
}

static __always_inline void open_infer(struct task_struct *task, struct pt_regs *regs,
				       const struct cell_key *key, long fd)
{
	struct file *file = file_of(task, fd);
	__u64 flags = O_CREAT;

	switch (class_of(key)) {
	case CLASS_OPEN:
		flags = call_arg(regs, key->abi, 1);
		break;
	case CLASS_OPENAT:
		flags = call_arg(regs, key->abi, 2);
		break;
	case CLASS_OPENAT2:
		bpf_probe_read_user(&flags, sizeof(flags), (void *)call_arg(regs, key->abi, 2));
		break;
	}
	if (file && !(BPF_CORE_READ(file, f_mode) & FMODE_PATH))
		access_infer(task, key->slot, file, flags & O_CREAT);
}

/* inet_bind(). The number of a raw socket is its protocol. */
static __always_inline bool has_low_port(struct file *file)
{
	struct sock *sock = sock_of(file);
	__u32 family = BPF_CORE_READ(sock, __sk_common.skc_family);
	__u32 port = BPF_CORE_READ(sock, __sk_common.skc_num);

	if (!sock || (family != AF_INET && family != AF_INET6) ||
	    BPF_CORE_READ(sock, sk_type) == SOCK_RAW)
		return false;
	return port &&
	       port < (__u32)BPF_CORE_READ(sock, __sk_common.skc_net.net, ipv4.sysctl_ip_prot_sock);
}

/* chown_ok(), chgrp_ok(): what somebody else's file was before is not known. Ids of a user namespace
 * are other numbers than the kernel's. */
static __always_inline bool is_given_away(struct task_struct *task, __u32 uid, __u32 gid)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);

	if (BPF_CORE_READ(cred, user_ns, level))
		return false;
	return (uid != (__u32)-1 && uid != BPF_CORE_READ(cred, fsuid.val)) ||
	       (gid != (__u32)-1 && !is_in_group(cred, gid));
}

static __always_inline bool is_foreign(struct task_struct *task, struct file *file)
{
	return file &&
	       BPF_CORE_READ(file, f_inode, i_uid.val) != BPF_CORE_READ(task, cred, fsuid.val);
}

static __always_inline bool is_raw(__u32 family, __u32 type)
{
	return family == AF_PACKET ||
	       ((family == AF_INET || family == AF_INET6) && (type & SOCK_TYPE_MASK) == SOCK_RAW);
}

static __always_inline bool is_net_option(__u32 level, __u32 option)
{
	if (level != SOL_SOCKET) /* firewalls' tables */
		return option >= XT_BASE_CTL && option < XT_BASE_CTL + 2;
	return option == SO_SNDBUFFORCE || option == SO_RCVBUFFORCE || option == SO_MARK;
}

/* Of interfaces most even numbers change something, and most odd ones ask. */
static __always_inline bool is_net_request(__u32 request)
{
	return request == SIOCADDRT || request == SIOCDELRT ||
	       (request >= SIOCSIFFLAGS && request <= SIOCDIFADDR && !(request & 1)) ||
	       (request >= SIOCBRADDBR && request <= SIOCBRDELIF);
}

static __always_inline bool is_realtime(__u32 policy)
{
	policy &= ~RESET_ON_FORK;
	return policy == SCHED_FIFO || policy == SCHED_RR || policy == SCHED_DEADLINE;
}

static __always_inline bool inferred_holds(struct task_struct *task, struct pt_regs *regs,
					   __u32 abi, const volatile struct inferred_class *class)
{
	__u64 arg = call_arg_at(regs, abi, class->arg), pointed = 0;

	switch (class->when) {
	case WHEN_ALWAYS:
		return true;
	case WHEN_FLAGS:
		return arg & class->mask;
	case WHEN_FLAGS_BEHIND:
		bpf_probe_read_user(&pointed, sizeof(pointed), (void *)arg);
		return pointed & class->mask;
	case WHEN_IS:
		return arg == class->mask;
	case WHEN_NEGATIVE:
		return (__s32)arg < 0;
	case WHEN_DEVICE:
		return (arg & S_IFMT) == S_IFCHR || (arg & S_IFMT) == S_IFBLK;
	case WHEN_REALTIME:
		return is_realtime(arg);
	case WHEN_RAW:
		return is_raw(arg, call_arg(regs, abi, 1));
	case WHEN_LOW_PORT:
		return has_low_port(file_of(task, (__u32)arg));
	case WHEN_FOREIGN:
		return is_foreign(task, file_of(task, (__u32)arg));
	case WHEN_GIVEN_AWAY:
		return is_given_away(task, arg, call_arg_at(regs, abi, class->arg + 1));
	case WHEN_NET_OPTION:
		return is_net_option(arg, call_arg(regs, abi, 2));
	case WHEN_NET_REQUEST:
		return is_net_request(arg);
	default:
		return false;
	}
}

/* A global function: verified once. */
__noinline int inferred_look(__u32 nr, __u32 slot, __u32 abi, __u64 ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	struct cell_key key = {.slot = slot, .nr = nr, .abi = abi};
	const volatile struct inferred_class *class;
	struct task_state *state;
	__u32 row;

	if (nr >= HOT_CALLS || abi > CALL_I386)
		return 0;
	row = inferred_class[abi & 1][nr & (HOT_CALLS - 1)];
	if (!row)
		return 0;
	class = &inferred_classes[row % INFERRED_CLASSES];
	if (class->when == WHEN_OPENED)
		open_infer(task, regs, &key, ret);
	else if (is_capable(task, class->capability) && inferred_holds(task, regs, abi, class))
		capability_use(slot, class->capability);
	state = state_of(task);
	if (state)
		state->capable = effective_of(task);
	return 0;
}

/* kill_ok_by_cred() */
static __always_inline void signal_infer(struct task_struct *task, struct task_struct *peer,
					 __u32 slot)
{
	__u32 uid = BPF_CORE_READ(task, cred, uid.val), euid = BPF_CORE_READ(task, cred, euid.val);
	__u32 theirs = BPF_CORE_READ(peer, real_cred, uid.val);
	__u32 saved = BPF_CORE_READ(peer, real_cred, suid.val);

	if (euid != saved && euid != theirs && uid != saved && uid != theirs &&
	    BPF_CORE_READ(peer, tgid) != task->tgid && is_capable(task, CAP_KILL))
		capability_use(slot, CAP_KILL);
}

/* __ptrace_may_access() */
static __always_inline void trace_infer(struct task_struct *task, struct task_struct *peer,
					__u32 slot)
{
	__u32 uid = BPF_CORE_READ(task, cred, uid.val);

	if ((uid != BPF_CORE_READ(peer, real_cred, uid.val) ||
	     uid != BPF_CORE_READ(peer, real_cred, euid.val) ||
	     uid != BPF_CORE_READ(peer, real_cred, suid.val)) &&
	    is_capable(task, CAP_SYS_PTRACE))
		capability_use(slot, CAP_SYS_PTRACE);
}

#endif
