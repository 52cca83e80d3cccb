/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Paths as AppArmor sees them: from the file up to the root of its mount namespace, whatever the
 * task's own root is (d_absolute_path(), fs/d_path.c). Components are written last first; the user
 * side turns them round.
 *
 * The walks keep their place in the record itself, not in registers: two ways to the head of the
 * loop are then the same state to the verifier, and a walk of 200 steps costs it 35,000
 * instructions instead of millions.
 */
#ifndef LEASTCALL_PATH_H
#define LEASTCALL_PATH_H

#define NAMES_HASHED 6
#define S_IFMT       00170000
#define S_IFDIR      0040000
#define SB_NOUSER    (1ul << 31) /* linux/fs.h: pipes, sockets, memfds: no path, no mediation */

/* Appends one component. False where there is no more room. */
static __always_inline bool component_append(struct path_record *record, const void *name)
{
	__u64 length = *(volatile __u32 *)&record->length;
	long size;

	barrier_var(length);
	if (length >= PATH_BYTES) {
		record->flags |= IS_TRUNCATED;
		return false;
	}
	size = bpf_probe_read_kernel_str(record->text + length, NAME_BYTES, name);
	if (size <= 0) {
		record->flags |= IS_TRUNCATED;
		return false;
	}
	record->length = length + size;
	return true;
}

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

static __always_inline struct mnt_namespace *mount_namespace(struct mount *mount)
{
	struct mnt_namespace *ns = BPF_CORE_READ(mount, mnt_ns);

	/* MNT_NS_INTERNAL is an error pointer: fs/mount.h */
	return (__u64)ns > -4096ull ? 0 : ns;
}

/* This CPU's, to make a record in. */
static __always_inline struct name_record *name_scratch(void)
{
	__u32 index = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&scratch, &index);
}

static __always_inline struct path_record *path_scratch(void)
{
	struct name_record *record = name_scratch();

	return record ? &record->base : 0;
}

/*
 * Walks from (mnt, dentry) into this CPU's scratch record. A global function: verified once for all
 * its callers, which is why it takes numbers and not pointers.
 */
__noinline int path_walk(__u64 mnt_address, __u64 dentry_address)
{
	struct path_record *record = path_scratch();
	struct mount *mount = mount_of((void *)mnt_address);
	struct dentry *dentry = (void *)dentry_address;
	struct mnt_namespace *ns;

	if (!record)
		return 0;
	record->flags = 0;
	record->length = 0;
	record->depth = 0;
	ns = mount_namespace(mount);
	if (!ns)
		record->flags |= IS_DETACHED;
	else if (ns != BPF_CORE_READ(task_current(), nsproxy, mnt_ns))
		record->flags |= IS_FOREIGN;
	/* d_unlinked(): not hashed, and not a root */
	if (!BPF_CORE_READ(dentry, d_hash.pprev) && BPF_CORE_READ(dentry, d_parent) != dentry)
		record->flags |= IS_DELETED;
	if ((BPF_CORE_READ(dentry, d_inode, i_mode) & S_IFMT) == S_IFDIR)
		record->flags |= PATH_IS_DIRECTORY;

	for (int i = 0; i < PATH_DEPTH; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		struct mount *above;

		if (dentry == BPF_CORE_READ(mount, mnt.mnt_root) || dentry == parent) {
			above = BPF_CORE_READ(mount, mnt_parent);
			if (above == mount)
				return 0;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
			continue;
		}
		if (!component_append(record, BPF_CORE_READ(dentry, d_name.name)))
			return 0;
		record->depth++;
		dentry = parent;
	}
	record->flags |= IS_TRUNCATED;
	return 0;
}

/* The file behind a descriptor; 0: none, or another thread has closed it meanwhile. */
static __always_inline struct file *file_of(struct task_struct *task, __u64 fd)
{
	struct fdtable *table = FIELD(task, files, fdt);
	struct file *file = 0;

	if (fd < FIELD(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), FIELD(table, fd) + fd);
	return file;
}

/* Neighbours in the kernel's structs are read at once: a helper's call costs more than its bytes. */
#define NEIGHBOURS(type, a, b)                                                                     \
	(bpf_core_field_offset(type, b) ==                                                         \
	 bpf_core_field_offset(type, a) + bpf_core_field_size(type, a))

struct dentry_name {
	struct dentry *parent;
	__u64 hash_len;
};

static __always_inline void dentry_name(struct dentry *dentry, struct dentry_name *ret)
{
	if (NEIGHBOURS(struct dentry, d_parent, d_name.hash_len)) {
		bpf_probe_read_kernel(ret, sizeof(*ret), &dentry->d_parent);
		return;
	}
	ret->parent = BPF_CORE_READ(dentry, d_parent);
	ret->hash_len = BPF_CORE_READ(dentry, d_name.hash_len);
}

struct mount_place {
	__u64 parent;
	__u64 mountpoint;
};

static __always_inline void mount_place(struct mount *mount, struct mount_place *ret)
{
	if (NEIGHBOURS(struct mount, mnt_parent, mnt_mountpoint)) {
		bpf_probe_read_kernel(ret, sizeof(*ret), &mount->mnt_parent);
		return;
	}
	ret->parent = (__u64)BPF_CORE_READ(mount, mnt_parent);
	ret->mountpoint = (__u64)BPF_CORE_READ(mount, mnt_mountpoint);
}

/* The names of a file and of the directories above it, and the place of its mount: as far as a
 * rename or a move there is to be noticed. */
static __always_inline __u64 names_hash(struct dentry *dentry, struct mount *mount)
{
	struct dentry_name name = {};
	struct mount_place place;
	__u64 hash;

	mount_place(mount, &place);
	hash = place.parent * 31 + place.mountpoint;

	for (int i = 0; i < NAMES_HASHED; i++) {
		dentry_name(dentry, &name);
		hash = hash * 31 + name.hash_len;
		if (name.parent == dentry)
			break;
		dentry = name.parent;
	}
	return hash;
}

/* False where there is no path that anything could be said about. */
static __always_inline bool path_identify(struct vfsmount *mnt, struct dentry *dentry,
					  struct file_key *ret)
{
	if (!dentry || !mnt)
		return false;
	*ret = (struct file_key){
		.dentry = (__u64)dentry,
		.mount = (__u64)mnt,
		.inode = (__u64)BPF_CORE_READ(dentry, d_inode),
		.names = names_hash(dentry, mount_of(mnt)),
	};
	return true;
}

static __always_inline struct path file_path(struct file *file)
{
	struct path path = {};

	bpf_probe_read_kernel(&path, sizeof(path), &file->f_path);
	return path;
}

/* Walks, and keeps the path. Its id; 0 where there is no room. */
static __always_inline __u32 path_keep(const struct file_key *key)
{
	__u32 id = number_next(&paths_used, CLAIM_PATH, PATHS_MAX);
	struct path_record *kept = bpf_map_lookup_elem(&paths, &id), *record;

	path_walk(key->mount, key->dentry);
	record = path_scratch();
	if (!kept || !record || bpf_probe_read_kernel(kept, sizeof(*kept), record))
		return 0;
	return id;
}

/* The id of the path of an executable; 0 where there is no room. */
static __always_inline __u32 path_id_of(const struct file_key *key)
{
	__u32 *known = bpf_map_lookup_elem(&path_ids, key), id;

	if (known)
		return *known;
	id = path_keep(key);
	if (!id) {
		LOST(paths);
		return 0;
	}
	if (bpf_map_update_elem(&path_ids, key, &id, BPF_NOEXIST) == 0)
		return id;
	known = bpf_map_lookup_elem(&path_ids, key); /* another CPU was faster */
	if (known)
		return *known;
	LOST(paths);
	return 0;
}

static __always_inline __u32 file_path_id(struct file *file)
{
	struct file_key key;
	struct path path;

	if (!file)
		return 0;
	path = file_path(file);
	return path_identify(path.mnt, path.dentry, &key) ? path_id_of(&key) : 0;
}

#endif
