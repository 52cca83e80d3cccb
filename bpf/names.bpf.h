/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls that are given a name and leave no descriptor: mkdir, unlink, rename and the like. The
 * kernel has looked the name up and tells nobody what it found, so what is told is where the name
 * starts, resolved, and the name as the program spelled it; the user side looks it up again
 * (user/trace/resolve.c). Read on the way out: the kernel has just read it, so it is in memory.
 */
#ifndef LEASTCALL_NAMES_H
#define LEASTCALL_NAMES_H

#define AT_FDCWD    (-100)
#define DEV_FD      0x2f64662f7665642full /* "/dev/fd/", as eight bytes are read at once */
#define PROC_SELF   0x65732f636f72702full /* "/proc/se" */
#define SELF_FD     0x2f64662f666cull     /* "lf/fd/" */
#define SELF_CWD    0x6477632f666cull     /* "lf/cwd" */
#define PROC_THREAD 0x68742f636f72702full /* "/proc/th" */
#define THREAD_SELF 0x6c65732d64616572ull /* "read-sel" */
#define THREAD_FD   0x2f64662f66ull       /* "f/fd/" */
#define THREAD_CWD  0x6477632f66ull       /* "f/cwd" */
#define BYTES(n)    ((1ull << 8 * (n)) - 1)
#define FD_DIGITS   7
#define OVER_MODES  0xb                     /* CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER */
#define HASH_MAX    (NAME_BYTES / 8)        /* more has a slash */
#define HASH_BASE   14695981039346656037ull /* FNV-1a's, which this is, eight bytes at a time */
#define HASH_STEP   1099511628211ull

/* Wakes the collector, once until it has looked: what a name leads to may be gone soon. */
static __always_inline bool name_send(struct name_record *record)
{
	__u64 length = record->base.length + record->size, flags = BPF_RB_NO_WAKEUP;

	barrier_var(length);
	if (length > sizeof(record->base.text) + sizeof(record->more))
		return false;
	length += offsetof(struct name_record, base.text);
	if (!awake && (record->size || record->kind == EVENT_ROOT)) {
		awake = 1;
		flags = BPF_RB_FORCE_WAKEUP;
	}
	return bpf_ringbuf_output(&events, record, length, flags) == 0;
}

/* The number of the task's root directory. The user side hears of a new one while the task is there,
 * and can open it. 0 where there is no room. */
static __noinline __u32 root_id(void)
{
	struct task_struct *task = task_current();
	struct root_key key = {
		.mount = (__u64)BPF_CORE_READ(task, fs, root.mnt),
		.dentry = (__u64)BPF_CORE_READ(task, fs, root.dentry),
		.mounts = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum),
	};
	struct mount *mount = mount_of((void *)key.mount);
	struct name_record *record;
	__u32 *known, id;

	known = bpf_map_lookup_elem(&roots, &key);
	if (known)
		return *known;
	id = number_next(&roots_used, CLAIM_ROOT, ROOTS_MAX);
	record = name_scratch();
	if (id >= ROOTS_MAX || !record || bpf_map_update_elem(&roots, &key, &id, BPF_NOEXIST)) {
		known = bpf_map_lookup_elem(&roots, &key); /* another CPU was faster */
		if (!known)
			LOST(names);
		return known ? *known : 0;
	}
	path_walk(key.mount, key.dentry);
	record->kind = EVENT_ROOT;
	record->slot = SLOT_NONE;
	record->process = process_id(task);
	record->root = id;
	record->mounts = key.mounts;
	record->detail = BPF_CORE_READ(mount, mnt_id);
	record->size = 0;
	if (!name_send(record)) /* the next one tells it */
		bpf_map_delete_elem(&roots, &key);
	return id;
}

/* Is one of the eight bytes a slash? */
static __always_inline bool has_slash(__u64 word)
{
	word ^= 0x2f2f2f2f2f2f2f2full;
	return (word - 0x0101010101010101ull) & ~word & 0x8080808080808080ull;
}

/* Of the name behind the base; the place is kept in the record, see path.bpf.h. 0 where it has a
 * slash: it may lead elsewhere the next time. */
static __always_inline __u64 name_hash(struct name_record *record)
{
	__u64 hash = HASH_BASE;

	record->base.depth = 0;
	for (int i = 0; i < HASH_MAX; i++) {
		__u64 at = *(volatile __u32 *)&record->base.depth, word, left;

		if (at >= record->size)
			return hash;
		left = record->size - at;
		record->base.depth = at + 8;
		at += *(volatile __u32 *)&record->base.length;
		barrier_var(at);
		if (at > sizeof(record->base.text) + sizeof(record->more) - 8)
			break;
		word = *(__u64 *)(record->base.text + at);
		if (left < 8)
			word &= (1ull << left * 8) - 1;
		if (has_slash(word))
			return 0;
		hash = (hash ^ word) * HASH_STEP;
		hash ^= hash >> 29;
	}
	return 0;
}

/* Where the name starts. False where that can't be told. */
static __always_inline bool name_base(struct task_struct *task, const struct name_call *call,
				      bool absolute, struct name_key *key)
{
	struct file *file;

	if (absolute)
		return true;
	if (call->dirfd == AT_FDCWD) {
		key->mount = (__u64)BPF_CORE_READ(task, fs, pwd.mnt);
		key->dentry = (__u64)BPF_CORE_READ(task, fs, pwd.dentry);
		return true;
	}
	file = file_of(task, (__u32)call->dirfd);
	if (!file)
		return false;
	key->mount = (__u64)BPF_CORE_READ(file, f_path.mnt);
	key->dentry = (__u64)BPF_CORE_READ(file, f_path.dentry);
	return true;
}

/* The name itself, behind the base. */
static __always_inline bool name_read(struct name_record *record, const struct name_call *call)
{
	__u64 length = record->base.length, room = call->limit ? call->limit + 1 : PATH_BYTES;
	long size;

	record->size = 0;
	if (!call->name)
		return true;
	barrier_var(length);
	barrier_var(room);
	if (length > sizeof(record->base.text) || room > PATH_BYTES)
		return false;
	if (call->from_kernel)
		size = bpf_probe_read_kernel_str(record->base.text + length, PATH_BYTES,
						 (void *)call->name);
	else
		size = bpf_probe_read_user_str(record->base.text + length, room,
					       (void *)call->name);
	if (size < 0 || size > PATH_BYTES)
		return false;
	record->size = size ? size : 1; /* of "" 6.1 does not count the NUL */
	return true;
}

/* A string behind the name. */
static __always_inline bool word_read(struct name_record *record, const struct name_call *call)
{
	__u64 end = record->base.length + record->size;
	long size;

	if (!call->word)
		return true;
	barrier_var(end);
	if (end > sizeof(record->base.text) + sizeof(record->more) - NAME_BYTES)
		return false;
	size = bpf_probe_read_user_str(record->base.text + end, NAME_BYTES, (void *)call->word);
	if (size < 0)
		return false;
	record->size += size ? size : 1;
	return true;
}

/* Where a relative name starts: for a call that changes it, as it was before. */
static __always_inline bool base_walk(struct name_record *record, const struct name_call *call,
				      const struct name_key *key)
{
	__u64 task = bpf_get_current_pid_tgid();
	struct path_record *before;

	if (call->op < NAME_BEFORE) {
		path_walk(key->mount, key->dentry);
		return true;
	}
	before = bpf_map_lookup_elem(&befores, &task);
	return before && !bpf_probe_read_kernel(&record->base, sizeof(record->base), before);
}

/* Which directory it is; its address may be another's later. */
static __always_inline __u64 base_hash(const struct name_key *key)
{
	struct dentry *dentry = (void *)key->dentry;

	return names_hash(dentry, mount_of((void *)key->mount)) * HASH_STEP +
	       BPF_CORE_READ(dentry, d_inode, i_ino);
}

/* What /proc/self/fd/N or /proc/self/cwd names, or what the name begins with, as a dirfd: it is not
 * looked up but taken, for it may be something else soon. -1: it is another name. */
static __always_inline int name_descriptor(const struct name_record *record)
{
	const char *name = record->base.text;
	__u64 first = *(__u64 *)name, second = *(__u64 *)(name + 8), third = *(__u64 *)(name + 16);
	int number = 0, i;

	if (first == DEV_FD) {
		name += 8;
	} else if (first == PROC_SELF && (second & BYTES(6)) == SELF_FD) {
		name += 14;
	} else if (first == PROC_SELF && (second & BYTES(6)) == SELF_CWD) {
		return !name[14] || name[14] == '/' ? AT_FDCWD : -1;
	} else if (first == PROC_THREAD && second == THREAD_SELF) {
		name += 21;
		if ((third & BYTES(5)) == THREAD_CWD)
			return !*name || *name == '/' ? AT_FDCWD : -1;
		if ((third & BYTES(5)) != THREAD_FD)
			return -1;
	} else {
		return -1;
	}
	for (i = 0; i < FD_DIGITS; i++) {
		if (name[i] < '0' || name[i] > '9')
			break;
		number = number * 10 + (name[i] - '0');
	}
	return i && (!name[i] || name[i] == '/') ? number : -1;
}

/* An absolute name, read at the start of the record: does it begin with a descriptor's? Then it stands
 * behind what that is. */
static __always_inline bool magic_read(struct task_struct *task, struct name_record *record,
				       const struct name_call *call)
{
	struct name_call within = {.dirfd = name_descriptor(record)};
	struct name_key key = {};
	struct dentry *dentry;

	if (within.dirfd == -1 || !name_base(task, &within, false, &key))
		return true;
	dentry = (void *)key.dentry;
	record->magic = 1;
	record->owner = BPF_CORE_READ(dentry, d_inode, i_uid.val);
	record->group = BPF_CORE_READ(dentry, d_inode, i_gid.val);
	record->mode = BPF_CORE_READ(dentry, d_inode, i_mode);
	path_walk(key.mount, key.dentry);
	return name_read(record, call);
}

/* What the task may change by owner and mode, for whoever looks the name up again. */
static __always_inline void bound_read(struct task_struct *task, struct name_record *record)
{
	const struct cred *cred = FIELD(task, cred);
	struct user_namespace *ns = BPF_CORE_READ(cred, user_ns);
	struct group_info *groups = BPF_CORE_READ(cred, group_info);
	__u32 count = BPF_CORE_READ(groups, ngroups);

	record->bound = BOUND;
	if (effective_of(task) & OVER_MODES) {
		if (!BPF_CORE_READ(ns, level)) {
			record->bound = BOUND_NOT;
			return;
		}
		if (BPF_CORE_READ(ns, uid_map.nr_extents) > 1 ||
		    BPF_CORE_READ(ns, uid_map.extent[0].count) > 1)
			record->bound = BOUND_MAPPED;
	}
	record->gids[0] = BPF_CORE_READ(cred, fsgid.val);
	record->gid_count = NAME_GIDS_ALL;
	barrier_var(count);
	if (count >= NAME_GIDS)
		return;
	bpf_probe_read_kernel(&record->gids[1], count * sizeof(record->gids[0]), &groups->gid);
	record->gid_count = 1 + count;
}

static __always_inline int name_tell_it(const struct name_call *call, bool once)
{
	struct task_struct *task = task_current();
	struct name_record *record;
	struct name_key key = {};
	bool absolute;
	char first = 0;
	__u8 one = 1;

	if (!call)
		return 0;
	key.slot = call->slot;
	key.op = call->op;
	key.detail = call->detail;
	if (call->name && call->from_kernel)
		bpf_probe_read_kernel(&first, 1, (void *)call->name);
	else if (call->name)
		bpf_probe_read_user(&first, 1, (void *)call->name);
	absolute = first == '/';
	key.root = call->root;
	key.uid = FIELD(task, cred, fsuid.val);
	record = name_scratch();
	if (!record)
		return 0;
	if (!name_base(task, call, absolute, &key))
		goto lost;
	record->base.length = 0;
	record->base.flags = 0;
	record->magic = 0;
	if (!absolute && !base_walk(record, call, &key))
		goto lost;
	if (!name_read(record, call) || (absolute && !magic_read(task, record, call)) ||
	    !word_read(record, call))
		goto lost;
	if (once && !absolute)
		key.hash = name_hash(record);
	if (key.hash)
		key.hash ^= base_hash(&key);
	once = key.hash != 0;
	if (once && bpf_map_lookup_elem(&names, &key))
		return 0;
	record->kind = EVENT_NAME;
	record->slot = call->slot;
	record->op = call->op;
	record->part = call->part;
	record->cpu = bpf_get_smp_processor_id();
	record->detail = call->detail;
	record->uid = key.uid;
	record->process = process_id(task);
	record->root = call->op == NAME_PIVOT_ROOT ? ROOT_GONE : key.root;
	record->mounts = mounts_of(task);
	record->absolute = absolute;
	bound_read(task, record);
	if (!name_send(record))
		goto lost;
	if (once)
		bpf_map_update_elem(&names, &key, &one, BPF_ANY);
	return 0;
lost:
	LOST(names);
	return 1;
}

/* One name of a call; 1 where it is lost, and counted. What leads to the same place each time is told
 * once. A global function: verified once for all its callers, and for pointers that may be 0. */
#ifndef KERNEL_5_10
__noinline int name_tell(const struct name_call *call, bool once)
{
	return name_tell_it(call, once);
}
#else
__noinline int name_tell_kept(bool once)
{
	__u32 index = 0;

	return name_tell_it(bpf_map_lookup_elem(&name_calls, &index), once);
}

static __always_inline int name_tell(const struct name_call *call, bool once)
{
	__u32 index = 0;

	bpf_map_update_elem(&name_calls, &index, call, BPF_ANY);
	return name_tell_kept(once);
}
#endif

/* An argument that is known only when the program runs. */
static __always_inline __u64 call_arg_at(struct pt_regs *regs, __u16 abi, __u32 n)
{
	switch (n) {
	case 0:
		return call_arg(regs, abi, 0);
	case 1:
		return call_arg(regs, abi, 1);
	case 2:
		return call_arg(regs, abi, 2);
	case 3:
		return call_arg(regs, abi, 3);
	default:
		return call_arg(regs, abi, 4);
	}
}

__noinline int names_look(__u32 row, __u32 slot, __u32 abi)
{
	struct task_struct *task = task_current();
	struct pt_regs *regs = task_registers(task);
	const volatile struct name_class *class;
	struct name_call call = {.slot = slot, .root = root_id()};
	bool two;

	if (row >= NAME_CLASSES)
		return 0;
	class = &name_classes[row];
	two = class->path[1];
	call.op = class->op;
	if (class->flags)
		call.detail = call_arg_at(regs, abi, class->flags - 1);
	for (int i = 0; i < 2; i++) {
		if (i == 1 && !two)
			break;
		call.part = i == 1 || !two;
		call.dirfd = AT_FDCWD;
		if (class->dirfd[i])
			call.dirfd = call_arg_at(regs, abi, class->dirfd[i] - 1);
		call.name = call_arg_at(regs, abi, class->path[i] - 1);
		if (call.part && class->word[0])
			call.word = call_arg_at(regs, abi, class->word[0] - 1);
		/* what follows a link may do something else the next time */
		if (name_tell(&call, !two && call.op <= NAME_CREATE))
			break; /* one loss a call */
	}
	if (call.op >= NAME_BEFORE)
		bpf_map_delete_elem(&befores, &(__u64){bpf_get_current_pid_tgid()});
	return 0;
}

/* Who executed what; the name of the script where there is one. */
static __noinline int exec_tell(struct linux_binprm *bprm, __u32 from, __u32 to)
{
	struct name_call call = {.slot = to,
				 .op = NAME_EXEC,
				 .detail = from,
				 .part = 1,
				 .from_kernel = 1,
				 .root = root_id(),
				 .dirfd = AT_FDCWD};
	const char *filename = BPF_CORE_READ(bprm, filename);
	__u64 pair = (__u64)from << 32 | to;
	__u8 one = 1;

	if (filename != BPF_CORE_READ(bprm, interp)) {
		call.name = (__u64)filename;
		return name_tell(&call, false);
	}
	if (from == SLOT_NONE || bpf_map_lookup_elem(&execs, &pair))
		return 0;
	name_tell(&call, false);
	if (bpf_map_update_elem(&execs, &pair, &one, BPF_ANY))
		LOST(names);
	return 0;
}

/* Keeps where the names of a call start that is about to change it. */
static __noinline void names_before(void)
{
	struct fs_struct *fs = FIELD(task_current(), fs);
	__u64 task = bpf_get_current_pid_tgid();
	struct path_record *record;

	path_walk((__u64)BPF_CORE_READ(fs, pwd.mnt), (__u64)BPF_CORE_READ(fs, pwd.dentry));
	record = path_scratch();
	if (record)
		bpf_map_update_elem(&befores, &task, record, BPF_ANY);
}

#endif
