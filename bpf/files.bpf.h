/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a successful call did to files and sockets: seen on its way out, from what the kernel made
 * of it (the descriptor's file), not from what was passed.
 */
#ifndef LEASTCALL_FILES_H
#define LEASTCALL_FILES_H

#define PROT_EXEC     4
#define LOCK_SH       1 /* asm-generic/fcntl.h, as what follows */
#define LOCK_EX       2
#define F_RDLCK       0
#define F_WRLCK       1
#define F_SETLK       6
#define F_SETLKW      7
#define F_SETLK64     13 /* i386 */
#define F_SETLKW64    14
#define F_OFD_SETLK   37
#define F_OFD_SETLKW  38
#define MAPPINGS_MAX  16
#define MAPPINGS_BUSY (KERNEL_IS_OLD ? 0 : 16) /* times that another thread may have the lock */
#define EBUSY         16

#define SYS_SOCKET     1 /* linux/net.h */
#define SYS_SOCKETPAIR 8

#define PROC_SUPER_MAGIC 0x9fa0 /* linux/magic.h */

int proc_look(__u64 file, __u32 slot); /* peers.bpf.h */

/* A call that did `perms` with a descriptor, which another thread may have closed already. */
static __always_inline void descriptor_look(struct task_struct *task, __u32 slot, __u32 fd,
					    __u32 perms)
{
	struct file *file = file_of(task, fd);

	if (file)
		file_use(file, slot, perms);
	else
		LOST(files);
}

static __always_inline void open_look(struct task_struct *task, __u32 slot, long fd, __u64 flags)
{
	struct file *file = file_of(task, fd);
	__u32 perms;

	if (!file) { /* another thread has closed it already */
		LOST(files);
		return;
	}
	perms = open_perms(file, flags);
	if (perms && file_use(file, slot, perms) &&
	    BPF_CORE_READ(file, f_inode, i_sb, s_magic) == PROC_SUPER_MAGIC)
		proc_look((__u64)file, slot);
}

/* An exclusive lock is a write, whatever the file was opened for. */
static __always_inline void flock_look(struct task_struct *task, __u32 slot, __u32 fd, __u32 how)
{
	if (how & LOCK_EX)
		descriptor_look(task, slot, fd, USE_LOCK | USE_WRITE);
	else if (how & LOCK_SH)
		descriptor_look(task, slot, fd, USE_LOCK);
}

static __always_inline void fcntl_look(struct task_struct *task, struct pt_regs *regs, __u32 slot,
				       __u32 abi)
{
	__u32 command = call_arg(regs, abi, 1);
	__s16 type = -1; /* of struct flock, whichever: the first member */

	switch (command) {
	case F_SETLK64:
	case F_SETLKW64:
		if (abi != CALL_I386)
			return;
		break;
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		break;
	default:
		return;
	}
	if (bpf_probe_read_user(&type, sizeof(type), (void *)call_arg(regs, abi, 2)))
		LOST(files);
	else if (type == F_WRLCK)
		descriptor_look(task, slot, call_arg(regs, abi, 0), USE_LOCK | USE_WRITE);
	else if (type == F_RDLCK)
		descriptor_look(task, slot, call_arg(regs, abi, 0), USE_LOCK);
}

struct mapping {
	__u64 end; /* of the one that was looked at */
	__u32 slot;
};

static long mapping_look(struct task_struct *task, struct vm_area_struct *vma,
			 struct mapping *mapping)
{
	struct file *file = FIELD(vma, vm_file);

	mapping->end = FIELD(vma, vm_end);
	if (file)
		file_use(file, mapping->slot, USE_MAP);
	return 0;
}

/* The files behind addresses. */
__noinline int mappings_look(__u32 slot, __u64 address, __u64 length)
{
	struct task_struct *task = task_current();
	struct mapping mapping = {.end = address, .slot = slot};

	long r;

	for (int i = 0; i < MAPPINGS_MAX + MAPPINGS_BUSY; i++) {
		r = vma_find(task, mapping.end, mapping_look, &mapping);
		if (r && r != -EBUSY)
			break;
		if (mapping.end - address >= length)
			return 0;
	}
	LOST(files);
	return 0;
}

/* socketcall(2) has its arguments in memory, as 32-bit longs. */
static __always_inline void socketcall_look(struct pt_regs *regs, __u32 slot)
{
	__u16 sub = call_sub(regs);
	__u32 args[2] = {};

	if (sub != SYS_SOCKET && sub != SYS_SOCKETPAIR)
		return;
	if (bpf_probe_read_user(args, sizeof(args), (void *)call_arg(regs, CALL_I386, 1)) == 0)
		socket_use(slot, args[0], args[1]);
}

/* What the success of a call is looked at as; 0: not at all. */
static __always_inline __u32 class_of(const struct cell_key *key)
{
	__u32 nr = key->nr;

	if (nr >= HOT_CALLS || key->abi > CALL_I386)
		return 0;
	below(nr, HOT_CALLS);
	return exit_class[nr] >> (key->abi == CALL_I386 ? 8 : 0) & 0xff;
}

/* Where the names of this call start must be looked at before it. */
static __always_inline bool names_change(const struct cell_key *key)
{
	__u32 class = class_of(key);

	return config.exits && class >= CLASS_NAMES && class < CLASS_NAMES + NAME_CLASSES &&
	       name_classes[class - CLASS_NAMES].op >= NAME_BEFORE;
}

/* A global function, as the others that call_exit_look() leads to: what they do together is more than
 * old kernels verify. */
__noinline int files_look(__u32 class, __u32 slot, __u32 abi, __u64 ret)
{
	struct task_struct *task = task_current();
	struct pt_regs *regs = task_registers(task);
	__u64 flags = 0;

	switch (class) {
	case CLASS_OPEN:
		open_look(task, slot, ret, call_arg(regs, abi, 1));
		break;
	case CLASS_OPENAT:
		open_look(task, slot, ret, call_arg(regs, abi, 2));
		break;
	case CLASS_OPENAT2: /* struct open_how begins with the flags */
		bpf_probe_read_user(&flags, sizeof(flags), (void *)call_arg(regs, abi, 2));
		open_look(task, slot, ret, flags);
		break;
	case CLASS_CREAT:
		open_look(task, slot, ret, O_CREAT | O_TRUNC);
		break;
	case CLASS_MMAP:
		if (!(call_arg(regs, abi, 2) & PROT_EXEC) || (__s32)call_arg(regs, abi, 4) < 0)
			break;
		descriptor_look(task, slot, call_arg(regs, abi, 4), USE_MAP);
		break;
	case CLASS_SOCKET:
		socket_use(slot, call_arg(regs, abi, 0), call_arg(regs, abi, 1));
		break;
	case CLASS_SOCKETCALL:
		socketcall_look(regs, slot);
		break;
	case CLASS_ACCEPT:
		accept_look(slot);
		break;
	case CLASS_WRITE:
	case CLASS_SENDTO:
		if (config.texts)
			text_look(call_arg(regs, abi, 1), ret, slot);
		break;
	case CLASS_WRITEV:
		vectors_look(call_arg(regs, abi, 1), call_arg(regs, abi, 2), slot);
		break;
	case CLASS_MPROTECT:
		if (call_arg(regs, abi, 2) & PROT_EXEC)
			mappings_look(slot, call_arg(regs, abi, 0), call_arg(regs, abi, 1));
		break;
	case CLASS_FD_WRITE:
		descriptor_look(task, slot, call_arg(regs, abi, 0), USE_WRITE);
		break;
	case CLASS_FD_NEW:
		received_look(task, slot, ret);
		break;
	case CLASS_FLOCK:
		flock_look(task, slot, call_arg(regs, abi, 0), call_arg(regs, abi, 1));
		break;
	case CLASS_FCNTL:
		fcntl_look(task, regs, slot, abi);
		break;
	case CLASS_RECVMSG:
	case CLASS_RECVMMSG:
		messages_look(call_arg(regs, abi, 1), class == CLASS_RECVMSG ? 1 : ret, slot, abi);
		break;
	}
	return 0;
}

#endif
