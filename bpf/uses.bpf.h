/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is taken note of, once each: that a file is used with some permissions, that a socket is made.
 * Which calls do so is files.bpf.h's affair, and that of others.
 */
#ifndef LEASTCALL_USES_H
#define LEASTCALL_USES_H

#define FMODE_READ     1
#define FMODE_WRITE    2
#define FMODE_PATH     0x4000
#define O_CREAT        00000100
#define O_TRUNC        00001000
#define O_APPEND       00002000
#define SOCK_TYPE_MASK 0xf

/* Keeps the path for the final reading, as the ring buffer has no room for it. */
static __always_inline void file_keep(const struct file_key *key, struct file_use *use)
{
	if (!use->path)
		use->path = path_keep(key);
}

/* Tells a use, or keeps it; what can be neither is untold at the end, and counted there. */
static __always_inline void file_tell(const struct file_key *key, struct file_use *use, __u32 perms)
{
	struct path_record *record;
	__u64 length;

	path_walk(key->mount, key->dentry);
	record = path_scratch();
	if (!record)
		return;
	if (record->flags & IS_DETACHED && !record->depth) {
		/* a namespace's file, or a huge page memfd: the root of a mount that is nowhere */
		bits_add(&use->told, perms);
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
		bits_add(&use->told, perms);
	else
		file_keep(key, use);
}

/* Whether the task owns the file: what `owner` in a rule asks. */
static __always_inline __u32 file_who(struct inode *inode)
{
	__u32 uid = BPF_CORE_READ(inode, i_uid.val);

	return FIELD(task_current(), cred, fsuid.val) == uid ? USE_OWNER : USE_OTHER;
}

/* Takes note of a use, and tells it where it is new: then 1. A global function: verified once. */
__noinline int path_use(__u64 mnt, __u64 dentry_address, __u32 slot, __u32 perms)
{
	struct dentry *dentry = (void *)dentry_address;
	struct file_use first = {}, *use;
	struct file_key key;
	struct inode *inode;

	if (!path_identify((void *)mnt, dentry, &key))
		return 0;
	inode = (void *)key.inode;
	key.slot = slot;
	if (KERNEL_IS_OLD) /* no bits can be added without losing others': each combination has an entry */
		key.pad = perms |= file_who(inode);
	use = bpf_map_lookup_elem(&files, &key);
	if (use && (use->told & perms) == perms && use->told & USE_OTHER)
		return 0; /* nothing more can be learnt */
	perms |= file_who(inode);
	if (use && (use->told & perms) == perms)
		return 0;
	if (BPF_CORE_READ(inode, i_sb, s_flags) & SB_NOUSER)
		return 0;
	if (!use) {
		first.perms = perms;
		bpf_map_update_elem(&files, &key, &first, BPF_NOEXIST);
		use = bpf_map_lookup_elem(&files, &key);
	}
	if (!use) {
		LOST(files);
		return 0;
	}
	bits_add(&use->perms, perms);
	file_tell(&key, use, perms);
	return 1;
}

static __always_inline bool file_use(struct file *file, __u32 slot, __u32 perms)
{
	struct path path = file_path(file);

	return path_use((__u64)path.mnt, (__u64)path.dentry, slot, perms);
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

#endif
