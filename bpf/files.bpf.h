/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a successful call did to files and sockets: seen on its way out, from what the kernel made
 * of it (the descriptor's file), not from what was passed.
 */
#ifndef LEASTCALL_FILES_H
#define LEASTCALL_FILES_H

#define FMODE_READ  1
#define FMODE_WRITE 2
#define FMODE_PATH  0x4000
#define O_CREAT     00000100
#define O_TRUNC     00001000
#define O_APPEND    00002000
#define PROT_EXEC   4

#define SYS_SOCKET     1 /* linux/net.h */
#define SYS_SOCKETPAIR 8
#define SOCK_TYPE_MASK 0xf

static __always_inline struct file *file_of(struct task_struct *task, __u64 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **row = BPF_CORE_READ(table, fd);
	struct file *file = 0;

	if (fd >= BPF_CORE_READ(table, max_fds))
		return 0;
	bpf_probe_read_kernel(&file, sizeof(file), row + fd);
	return file;
}

/* Keeps the path for the final reading, as the ring buffer has no room for it. */
static __always_inline void file_keep(const struct file_key *key, struct file_use *use)
{
	__u32 id;

	if (use->path)
		return;
	id = path_id_new();
	if (!id)
		return;
	path_walk(id, key->mount, key->dentry);
	use->path = id;
}

/* Tells a use, or keeps it; what can be neither is untold at the end, and counted there. */
static __always_inline void file_tell(const struct file_key *key, struct file_use *use, __u32 perms)
{
	__u32 scratch = config.paths_max + bpf_get_smp_processor_id();
	struct path_record *record;
	__u64 length;

	path_walk(scratch, key->mount, key->dentry);
	record = bpf_map_lookup_elem(&paths, &scratch);
	if (!record)
		return;
	if (record->flags & IS_DETACHED && !record->depth) {
		/* a namespace's file, or a huge page memfd: the root of a mount that is nowhere */
		__sync_fetch_and_or(&use->told, perms);
		return;
	}
	record->kind = EVENT_FILE;
	record->slot = key->slot;
	record->perms = perms;
	length = record->length;
	barrier_var(length);
	if (length > sizeof(record->text))
		return;
	if (event_send(record, offsetof(struct path_record, text) + length))
		__sync_fetch_and_or(&use->told, perms);
	else
		file_keep(key, use);
}

/* Takes note of a use, and tells it where it is new. */
static __noinline int file_use(struct file *file, __u32 slot, __u32 perms)
{
	struct file_use first = {.perms = perms}, *use;
	struct file_key key;

	if (!file_identify(file, &key))
		return 0;
	key.slot = slot;
	use = bpf_map_lookup_elem(&files, &key);
	if (use && (use->told & perms) == perms)
		return 0;
	if (BPF_CORE_READ(file, f_inode, i_sb, s_flags) & SB_NOUSER)
		return 0;
	if (!use) {
		bpf_map_update_elem(&files, &key, &first, BPF_NOEXIST);
		use = bpf_map_lookup_elem(&files, &key);
	}
	if (!use) {
		LOST(files);
		return 0;
	}
	__sync_fetch_and_or(&use->perms, perms);
	file_tell(&key, use, perms);
	return 0;
}

/* The permissions that AppArmor asks for: an append that may create, or truncate, is a write. */
static __always_inline __u32 open_perms(struct file *file, __u32 flags)
{
	__u32 mode = BPF_CORE_READ(file, f_mode), perms = 0;
	bool append = BPF_CORE_READ(file, f_flags) & O_APPEND;

	if (mode & FMODE_PATH)
		return 0;
	if (mode & FMODE_READ)
		perms |= USE_READ;
	if (mode & FMODE_WRITE)
		perms |= append && !(flags & (O_CREAT | O_TRUNC)) ? USE_APPEND : USE_WRITE;
	else if (flags & (O_CREAT | O_TRUNC))
		perms |= USE_WRITE;
	return perms;
}

static __always_inline void socket_use(__u32 slot, __u64 family, __u64 type)
{
	struct socket_key key = {.slot = slot, .family = family, .type = type & SOCK_TYPE_MASK};
	__u64 one = 1;

	if (bpf_map_lookup_elem(&sockets, &key))
		return;
	if (bpf_map_update_elem(&sockets, &key, &one, BPF_ANY))
		LOST(sockets);
}

static __always_inline void open_look(struct task_struct *task, struct cell_key *key, long fd,
				      __u64 flags)
{
	struct file *file = file_of(task, fd);
	__u32 perms;

	if (!file) { /* another thread has closed it already */
		LOST(files);
		return;
	}
	perms = open_perms(file, flags);
	if (perms)
		file_use(file, key->slot, perms);
}

/* socketcall(2) has its arguments in memory, as 32-bit longs. */
static __always_inline void socketcall_look(struct pt_regs *regs, struct cell_key *key)
{
	__u16 sub = call_sub(regs);
	__u32 args[2] = {};

	if (sub != SYS_SOCKET && sub != SYS_SOCKETPAIR)
		return;
	if (bpf_probe_read_user(args, sizeof(args), (void *)call_arg(regs, CALL_I386, 1)) == 0)
		socket_use(key->slot, args[0], args[1]);
}

static __always_inline void files_look(struct task_struct *task, struct pt_regs *regs,
				       struct cell_key *key, long ret)
{
	__u32 class = 0;
	__u64 flags = 0;
	struct file *file;

	if (key->nr < HOT_CALLS)
		class = exit_class[key->nr];
	if (key->abi == CALL_I386)
		class >>= 4;
	else if (key->abi != CALL_X86_64)
		class = 0;

	switch (class & 0xf) {
	case CLASS_OPEN:
		open_look(task, key, ret, call_arg(regs, key->abi, 1));
		break;
	case CLASS_OPENAT:
		open_look(task, key, ret, call_arg(regs, key->abi, 2));
		break;
	case CLASS_OPENAT2: /* struct open_how begins with the flags */
		bpf_probe_read_user(&flags, sizeof(flags), (void *)call_arg(regs, key->abi, 2));
		open_look(task, key, ret, flags);
		break;
	case CLASS_CREAT:
		open_look(task, key, ret, O_CREAT | O_TRUNC);
		break;
	case CLASS_MMAP:
		if (!(call_arg(regs, key->abi, 2) & PROT_EXEC) ||
		    (__s32)call_arg(regs, key->abi, 4) < 0)
			break;
		file = file_of(task, (__u32)call_arg(regs, key->abi, 4));
		if (file)
			file_use(file, key->slot, USE_MAP);
		else
			LOST(files);
		break;
	case CLASS_SOCKET:
		socket_use(key->slot, call_arg(regs, key->abi, 0), call_arg(regs, key->abi, 1));
		break;
	case CLASS_SOCKETCALL:
		socketcall_look(regs, key);
		break;
	case CLASS_ACCEPT:
		accept_look(key->slot);
		break;
	case CLASS_WRITE:
		text_look(call_arg(regs, key->abi, 1), ret, key->slot);
		break;
	case CLASS_WRITEV:
		vectors_look(call_arg(regs, key->abi, 1), call_arg(regs, key->abi, 2), key->slot);
		break;
	}
}

#endif
