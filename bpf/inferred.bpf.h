/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Capabilities on kernels that do not tell which are used: a call succeeded that asks for one, the
 * task had it, and where the kernel's state still shows what the answer hung on, it hung on that.
 * Which calls, the user side knows (inferred_classes). What the file was before the call, and what
 * may be searched on the way to it, is not known here: what hangs on that is not found.
 */
#ifndef LEASTCALL_INFERRED_H
#define LEASTCALL_INFERRED_H

#define CAP_DAC_OVERRIDE    1 /* linux/capability.h */
#define CAP_DAC_READ_SEARCH 2
#define CAP_KILL            5
#define CAP_SYS_PTRACE      19

#define CAP_NET_ADMIN     12
#define CAP_SYS_CHROOT    18
#define CAP_AUDIT_WRITE   29
#define CAP_AUDIT_CONTROL 30

#define S_IFCHR             0020000
#define S_IFBLK             0060000
#define S_IRWXG             00070
#define AF_INET             2
#define AF_INET6            10
#define AF_NETLINK          16
#define AF_PACKET           17
#define SOCK_RAW            3
#define NETLINK_ROUTE       0 /* linux/netlink.h */
#define NETLINK_XFRM        6
#define NETLINK_AUDIT       9
#define NETLINK_NETFILTER   12
#define RTM_BASE            16
#define RTM_KIND_GET        2
#define AUDIT_USER          1005 /* linux/audit.h */
#define AUDIT_FIRST_USER    1100
#define AUDIT_LAST_USER     1199
#define AUDIT_FIRST_USER2   2100
#define AUDIT_LAST_USER2    2999
#define CLONE_NEWNS         0x00020000
#define CLONE_NEWUSER       0x10000000
#define ADJ_OFFSET_READONLY 0x2000 /* linux/timex.h */
#define ADJ_ADJTIME         0x8000
#define TC_PRIO_INTERACTIVE 6
#define PRIORITY_NICE_0     120
#define SCHED_FIFO          1
#define SCHED_RR            2
#define SCHED_IDLE          5
#define SCHED_DEADLINE      6
#define RESET_ON_FORK       0x40000000
#define NO_NEW_PRIVS        1 /* of a task's atomic_flags */
#define RLIMIT_MEMLOCK      8
#define RLIMIT_NICE         13
#define RLIMIT_RTPRIO       14
#define PAGE_BITS           12
#define GROUPS_LOOKED       32
#define MAY_READ            4
#define MAY_WRITE           2
#define ACL_UNCACHED        1 /* linux/posix_acl.h, is_uncached_acl(): a bit that no pointer has */

/* What the task has, or had before this call, which may have given it up. */
static __always_inline bool is_capable(struct task_struct *task, __u32 capability)
{
	struct task_state *state = state_of(task);

	return (effective_of(task) | (state ? state->powers.capable : 0)) >> capability & 1;
}

static __always_inline void capability_use(__u32 slot, __u32 capability)
{
	struct capability_key key = {.slot = slot, .capability = capability};
	__u64 asked = ASKED;

	if (bpf_map_lookup_elem(&capabilities, &key))
		return;
	if (bpf_map_update_elem(&capabilities, &key, &asked, BPF_ANY))
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

/* An access control list decides for whoever is not the owner, where the group's bits are not none:
 * what it says is not looked at. */
static __always_inline bool has_list(struct inode *inode, __u32 mode)
{
	__u64 list = 0;

	if (bpf_core_field_exists(inode->i_acl))
		list = (__u64)BPF_CORE_READ(inode, i_acl);
	return mode & S_IRWXG && list && !(list & ACL_UNCACHED);
}

/* generic_permission() */
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
	} else if (has_list(inode, mode)) {
		return;
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
static __always_inline bool is_given_away(struct task_struct *task, __u32 uid, __u32 gid,
					  __u32 mask)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);

	if (BPF_CORE_READ(cred, user_ns, level))
		return false;
	uid &= mask;
	gid &= mask;
	return (uid != mask && uid != BPF_CORE_READ(cred, fsuid.val)) ||
	       (gid != mask && !is_in_group(cred, gid));
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

#define LIMIT_OF(task, limit) BPF_CORE_READ(task, signal, rlim[limit].rlim_cur)

/* is_nice_reduction() */
static __always_inline bool is_nice_enough(struct task_struct *task, __s32 priority)
{
	__s32 wanted = 20 - (priority - PRIORITY_NICE_0);

	return wanted <= 0 || (__u32)wanted <= LIMIT_OF(task, RLIMIT_NICE);
}

static __always_inline bool is_realtime(__u32 policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

/* user_check_sched_setscheduler() and can_nice(), of the task itself. */
static __always_inline bool is_raised(struct task_struct *task, const struct powers *before)
{
	__u32 policy = BPF_CORE_READ(task, policy), realtime = BPF_CORE_READ(task, rt_priority);
	__s32 priority = BPF_CORE_READ(task, static_prio);
	__u64 limit = LIMIT_OF(task, RLIMIT_RTPRIO);

	if (policy == SCHED_DEADLINE)
		return true;
	if (is_realtime(policy) && ((policy != before->policy && !limit) ||
				    (realtime > before->realtime && realtime > limit)))
		return true;
	if (priority < before->priority || (before->policy == SCHED_IDLE && policy != SCHED_IDLE))
		return !is_nice_enough(task, priority);
	return false;
}

/* As the task itself numbers it. */
static __always_inline bool is_self(struct task_struct *task, __u32 number)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct upid *own = &pid->numbers[BPF_CORE_READ(pid, level)];

	return !number || number == (__u32)BPF_CORE_READ(own, nr);
}

/* What another process had before is not known: below 0 nobody is by himself. */
static __always_inline bool is_nice(struct task_struct *task, struct pt_regs *regs, __u32 abi,
				    const struct inferred_class *class, const struct powers *before)
{
	if (class->mask || is_self(task, call_arg(regs, abi, 1)))
		return is_raised(task, before);
	return (__s32)call_arg(regs, abi, 2) < 0;
}

/* ... nor realtime. The second argument points at what to do, but for sched_setscheduler(2). */
static __always_inline bool is_policy(struct task_struct *task, struct pt_regs *regs, __u32 abi,
				      const struct inferred_class *class,
				      const struct powers *before)
{
	__u32 policy = call_arg(regs, abi, 1) & ~RESET_ON_FORK;

	if (is_self(task, call_arg(regs, abi, 0)))
		return is_raised(task, before);
	return class->mask && is_realtime(policy);
}

static __always_inline bool is_had(const __u32 *had, __u32 id, bool saved)
{
	return id == had[0] || id == had[1] || (saved && id == had[2]);
}

/* setreuid(2), setresuid(2), setfsuid(2) and those of groups. An id that was left alone is one that
 * the task had. */
static __always_inline bool is_new(const __u32 *had, const __u32 *has, bool no_saved)
{
	if (has[0] != had[0] && !is_had(had, has[0], !no_saved))
		return true;
	return !is_had(had, has[1], true) || !is_had(had, has[2], true) ||
	       (has[3] != had[3] && !is_had(had, has[3], true));
}

static __always_inline bool is_identity(struct task_struct *task, const struct powers *before,
					bool groups, bool no_saved)
{
	__u32 users_now[4], groups_now[4];

	ids_read(BPF_CORE_READ(task, cred), users_now, groups_now);
	return groups ? is_new(before->groups, groups_now, no_saved)
		      : is_new(before->users, users_now, no_saved);
}

/* can_do_mlock() and what follows it; the mask: all that is mapped is locked by this flag. */
static __always_inline bool is_locked(struct task_struct *task, __u32 flags, __u32 all)
{
	__u64 limit = LIMIT_OF(task, RLIMIT_MEMLOCK), pages = BPF_CORE_READ(task, mm, locked_vm);

	if (all)
		pages = flags & all ? BPF_CORE_READ(task, mm, total_vm) : 0;
	return !limit || pages > limit >> PAGE_BITS;
}

static __always_inline bool is_timex(const void *timex)
{
	__u32 modes = 0;

	bpf_probe_read_user(&modes, sizeof(modes), timex);
	return modes && !(modes & ADJ_ADJTIME && modes & ADJ_OFFSET_READONLY);
}

static __always_inline __s32 number_at(__u64 address)
{
	__s32 number = 0;

	bpf_probe_read_user(&number, sizeof(number), (void *)address);
	return number;
}

/* What the message's first vector has. */
static __always_inline __u64 message_text(__u64 at, __u32 abi)
{
	struct message message;
	__u64 text = 0;

	if (message_read(at, abi, &message))
		bpf_probe_read_user(&text, abi == CALL_I386 ? 4 : 8, (void *)message.vectors);
	return text;
}

static __always_inline bool is_user_message(__u32 type)
{
	return type == AUDIT_USER || (type >= AUDIT_FIRST_USER && type <= AUDIT_LAST_USER) ||
	       (type >= AUDIT_FIRST_USER2 && type <= AUDIT_LAST_USER2);
}

/* netlink_net_capable() and audit_netlink_ok(); 0: nothing is asked for, or it is not known. */
static __always_inline __u32 netlink_capability(struct task_struct *task, __u32 fd, __u64 text)
{
	struct sock *sock = sock_of(file_of(task, fd));
	__u16 type = 0;

	if (!sock || BPF_CORE_READ(sock, __sk_common.skc_family) != AF_NETLINK)
		return 0;
	bpf_probe_read_user(&type, sizeof(type), (void *)text + 4);
	switch (BPF_CORE_READ(sock, sk_protocol)) {
	case NETLINK_ROUTE:
		return type >= RTM_BASE && (type & 3) != RTM_KIND_GET ? CAP_NET_ADMIN : 0;
	case NETLINK_XFRM:
	case NETLINK_NETFILTER:
		return CAP_NET_ADMIN;
	case NETLINK_AUDIT:
		return is_user_message(type) ? CAP_AUDIT_WRITE : CAP_AUDIT_CONTROL;
	}
	return 0;
}

static __always_inline bool is_about_ids(__u32 when)
{
	return when == WHEN_NEW_USER || when == WHEN_NEW_GROUP;
}

static __always_inline bool inferred_holds(struct task_struct *task, struct pt_regs *regs,
					   __u32 abi, const struct inferred_class *class,
					   const struct powers *before)
{
	__u64 arg = call_arg_at(regs, abi, class->arg);

	switch (class->when) {
	case WHEN_ALWAYS:
	case WHEN_JOINED:
		return true;
	case WHEN_FLAGS:
	case WHEN_NAMESPACES:
		return arg & class->mask;
	case WHEN_NAMESPACES_AT:
		return number_at(arg) & class->mask;
	case WHEN_BIT:
		return class->mask >> (arg & 31) & 1;
	case WHEN_TIMEX:
		return is_timex((void *)arg);
	case WHEN_DEVICE:
		return (arg & S_IFMT) == S_IFCHR || (arg & S_IFMT) == S_IFBLK;
	case WHEN_NICE:
		return is_nice(task, regs, abi, class, before);
	case WHEN_POLICY:
		return is_policy(task, regs, abi, class, before);
	case WHEN_NEW_USER:
	case WHEN_NEW_GROUP:
		return is_identity(task, before, class->when == WHEN_NEW_GROUP, class->mask);
	case WHEN_RAW:
		return is_raw(arg, call_arg(regs, abi, 1));
	case WHEN_LOW_PORT:
		return has_low_port(file_of(task, (__u32)arg));
	case WHEN_FOREIGN:
		return is_foreign(task, file_of(task, (__u32)arg));
	case WHEN_GIVEN_AWAY:
		return is_given_away(task, arg, call_arg_at(regs, abi, class->arg + 1),
				     class->mask);
	case WHEN_FILTERED:
		return FIELD(task, seccomp.mode) == SECCOMP_MODE_FILTER &&
		       !(BPF_CORE_READ(task, atomic_flags) & NO_NEW_PRIVS);
	case WHEN_LOCKED:
		return is_locked(task, arg, class->mask);
	case WHEN_POINTS_AT:
		return number_at(arg);
	case WHEN_PRIORITY:
		return (__u32)number_at(arg) > TC_PRIO_INTERACTIVE;
	default:
		return false;
	}
}

/* The row for what the call does, by halves: without a branch, so that it is verified once. */
static __always_inline void class_choose(struct pt_regs *regs, __u32 abi, __u32 row,
					 struct inferred_class *class)
{
	__u64 what = call_arg_at(regs, abi, class->arg), key, at = 0;

	if (class->mask)
		what = CHOICE_PAIR(what, call_arg_at(regs, abi, class->arg + 1));
	key = CHOICE_KEY(row, what);
	for (__u32 half = INFERRED_CHOICES / 2; half; half /= 2) {
		__u64 next = at + half, below;

		barrier_var(next); /* else the verifier would not see its bounds */
		next &= INFERRED_CHOICES - 1;
		below = inferred_choices[next].key - key - 1;
		at += half & (__u64)((__s64)below >> 63);
	}
	barrier_var(at);
	at &= INFERRED_CHOICES - 1;
	class->when = WHEN_NEVER;
	if (inferred_choices[at].key == key)
		bpf_probe_read_kernel(class, sizeof(*class), (void *)&inferred_choices[at].class);
}

/* In a new user namespace whoever makes it may do all, and AppArmor is asked all the same. */
static __always_inline bool is_in_new_users(struct pt_regs *regs, __u32 abi,
					    const struct inferred_class *class)
{
	__u64 arg = call_arg_at(regs, abi, class->arg);

	if (class->when == WHEN_NAMESPACES_AT)
		arg = number_at(arg);
	return (class->when == WHEN_NAMESPACES || class->when == WHEN_NAMESPACES_AT) &&
	       arg & CLONE_NEWUSER;
}

/* What setns(2) was told to join, else what its descriptor is of: one namespace. */
static __always_inline __u32 joined_kinds(struct task_struct *task, struct pt_regs *regs, __u32 abi)
{
	__u32 kinds = call_arg(regs, abi, 1);
	struct ns_common *ns;

	if (kinds)
		return kinds;
	ns = BPF_CORE_READ(file_of(task, call_arg(regs, abi, 0)), f_inode, i_private);
	if (bpf_core_field_exists(ns->ns_type))
		return BPF_CORE_READ(ns, ns_type);
	return BPF_CORE_READ(ns, ops, type);
}

static __always_inline void class_look(struct task_struct *task, struct pt_regs *regs,
				       const struct cell_key *key, struct inferred_class *class,
				       const struct powers *before)
{
	__u32 capability = class->capability;

	if (class->when == WHEN_NETLINK) {
		__u64 text = call_arg(regs, key->abi, 1);

		if (class->mask)
			text = message_text(text, key->abi);
		capability = netlink_capability(task, call_arg(regs, key->abi, 0), text);
		if (capability && is_capable(task, capability))
			capability_use(key->slot, capability);
		return;
	}
	if (!is_capable(task, capability) && !is_in_new_users(regs, key->abi, class)) {
		capability = class->instead;
		if (!capability || !is_capable(task, capability))
			return;
	}
	if (!inferred_holds(task, regs, key->abi, class, before))
		return;
	capability_use(key->slot, capability);
	if (class->when == WHEN_JOINED && joined_kinds(task, regs, key->abi) & CLONE_NEWNS)
		capability_use(key->slot, CAP_SYS_CHROOT);
}

/* A global function: verified once. */
__noinline int inferred_look(__u32 nr, __u32 slot, __u32 abi, __u64 ret)
{
	struct task_struct *task = task_current();
	struct pt_regs *regs = task_registers(task);
	struct cell_key key = {.slot = slot, .nr = nr, .abi = abi};
	struct task_state *state = state_of(task);
	struct inferred_class class;
	__u32 row;

	if (nr >= HOT_CALLS || abi > CALL_I386 || !state)
		return 0;
	row = inferred_class[abi & 1][nr & (HOT_CALLS - 1)] % INFERRED_CLASSES;
	if (!row)
		return 0;
	bpf_probe_read_kernel(&class, sizeof(class), (void *)&inferred_classes[row]);
	if (class.when == WHEN_CHOSEN)
		class_choose(regs, abi, row, &class);
	if (class.when == WHEN_OPENED)
		open_infer(task, regs, &key, ret);
	else
		class_look(task, regs, &key, &class, &state->powers);
	if (is_about_ids(class.when) || class.when == WHEN_NICE || class.when == WHEN_POLICY)
		powers_keep(task, &state->powers);
	else
		state->powers.capable = effective_of(task);
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
	    BPF_CORE_READ(peer, tgid) != FIELD(task, tgid) && is_capable(task, CAP_KILL))
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
