/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel types and fields that bpf/ reads, and no others. Kept by hand: every access is CO-RE,
 * so that only names matter here, not offsets, sizes or order. A field that was renamed stands in a
 * "___" flavour of its struct, with the version that renamed it.
 */
#ifndef VMLINUX_H
#define VMLINUX_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef _Bool bool;
enum { false, true };

#define __ksym_core __attribute__((preserve_access_index))

/* The values that the programs use of the kernel's enums: stable, as they are its API to BPF. */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum { BPF_ANY, BPF_NOEXIST };
enum { BPF_F_NO_PREALLOC = 1, BPF_F_MMAPABLE = 1 << 10 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
enum { BPF_RB_AVAIL_DATA = 0 };

/* uapi/linux/bpf.h */
struct bpf_pidns_info {
	__u32 pid;
	__u32 tgid;
};

/* x86: include/asm/ptrace.h */
struct pt_regs {
	unsigned long r15;
	unsigned long r14;
	unsigned long r13;
	unsigned long r12;
	unsigned long bp;
	unsigned long bx;
	unsigned long r10;
	unsigned long r9;
	unsigned long r8;
	unsigned long ax;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;
	unsigned long ip;
	unsigned long sp;
} __ksym_core;

struct trace_event_raw_sys_enter {
	long id;
} __ksym_core;

struct trace_event_raw_sys_exit {
	long id;
	long ret;
} __ksym_core;

struct qstr {
	__u64 hash_len;
	const unsigned char *name;
} __ksym_core;

struct super_block {
	__u32 s_dev;
	unsigned long s_magic;
	unsigned long s_flags;
} __ksym_core;

typedef struct {
	unsigned int val;
} __ksym_core kuid_t;

typedef struct {
	unsigned int val;
} __ksym_core kgid_t;

struct inode {
	__u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	void *i_acl;
	struct super_block *i_sb;
	unsigned long i_ino;
	void *i_private;
} __ksym_core;

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
} __ksym_core;

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
} __ksym_core;

struct vfsmount {
	struct dentry *mnt_root;
} __ksym_core;

struct mnt_namespace;

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	struct mnt_namespace *mnt_ns;
	int mnt_id;
} __ksym_core;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} __ksym_core;

struct file {
	__u32 f_mode;
	__u32 f_flags;
	struct inode *f_inode;
	struct path f_path;
	void *private_data;
} __ksym_core;

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
} __ksym_core;

struct files_struct {
	struct fdtable *fdt;
} __ksym_core;

struct mm_struct {
	unsigned long total_vm;
	unsigned long locked_vm;
	struct file *exe_file;
} __ksym_core;

struct proc_ns_operations {
	int type;
} __ksym_core;

struct ns_common {
	const struct proc_ns_operations *ops;
	__u32 ns_type; /* 6.18 */
	unsigned int inum;
} __ksym_core;

struct mnt_namespace {
	struct ns_common ns;
} __ksym_core;

struct nsproxy {
	struct mnt_namespace *mnt_ns;
} __ksym_core;

struct kernfs_node {
	struct kernfs_node *__parent; /* 6.15 */
	const char *name;
	__u64 id;
} __ksym_core;

struct kernfs_node___before_6_15 {
	struct kernfs_node *parent;
} __ksym_core;

struct cgroup_root {
	int hierarchy_id;
} __ksym_core;

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_root *root;
} __ksym_core;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
} __ksym_core;

/* The values differ from kernel to kernel: bpf_core_enum_value(). */
enum cgroup_subsys_id {
	cpuset_cgrp_id,
	cpu_cgrp_id,
	memory_cgrp_id,
	devices_cgrp_id,
	freezer_cgrp_id,
	pids_cgrp_id,
};

struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
} __ksym_core;

typedef struct {
	int counter;
} atomic_t;

struct seccomp {
	int mode;
	atomic_t filter_count;
} __ksym_core;

struct thread_info {
	__u32 status;
} __ksym_core;

struct hlist_node {
	struct hlist_node *next;
} __ksym_core;

struct hlist_head {
	struct hlist_node *first;
} __ksym_core;

struct xa_node {
	__u8 shift;
	void *slots[64];
} __ksym_core;

struct xarray {
	void *xa_head;
} __ksym_core;

struct idr {
	struct xarray idr_rt;
} __ksym_core;

struct pid_namespace {
	struct ns_common ns;
	struct idr idr;
} __ksym_core;

struct upid {
	int nr;
	struct pid_namespace *ns;
} __ksym_core;

struct pid {
	unsigned int level;
	struct hlist_head tasks[4];
	struct upid numbers[1];
} __ksym_core;

struct uid_gid_extent {
	__u32 count;
} __ksym_core;

struct uid_gid_map {
	__u32 nr_extents;
	struct uid_gid_extent extent[5];
} __ksym_core;

struct user_namespace {
	struct uid_gid_map uid_map;
	int level;
} __ksym_core;

struct proc_inode {
	struct pid *pid;
	struct inode vfs_inode;
} __ksym_core;

struct fs_struct {
	struct path root;
	struct path pwd;
} __ksym_core;

struct group_info {
	int ngroups;
	kgid_t gid[0];
} __ksym_core;

struct cred {
	kuid_t uid;
	kgid_t gid;
	kuid_t suid;
	kgid_t sgid;
	kuid_t euid;
	kgid_t egid;
	kuid_t fsuid;
	kgid_t fsgid;
	struct {
		__u64 val;
	} cap_effective;
	struct user_namespace *user_ns;
	struct group_info *group_info;
} __ksym_core;

struct rb_node {
	struct rb_node *rb_right;
	struct rb_node *rb_left;
} __ksym_core;

struct rb_root {
	struct rb_node *rb_node;
} __ksym_core;

struct vm_area_struct {
	unsigned long vm_end;
	struct file *vm_file;
} __ksym_core;

struct vm_area_struct___before_6_1 {
	unsigned long vm_start;
	unsigned long vm_end;
	struct rb_node vm_rb;
} __ksym_core;

struct mm_struct___before_6_1 {
	struct rb_root mm_rb;
} __ksym_core;

struct linux_binprm {
	const char *filename;
	const char *interp;
} __ksym_core;

struct rlimit {
	unsigned long rlim_cur;
} __ksym_core;

struct signal_struct {
	struct rlimit rlim[16];
} __ksym_core;

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int __state;
	unsigned int flags;
	int static_prio;
	unsigned int rt_priority;
	unsigned int policy;
	struct mm_struct *mm;
	unsigned int in_execve : 1;
	unsigned long atomic_flags;
	int pid;
	int tgid;
	struct task_struct *real_parent;
	struct task_struct *parent;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct hlist_node pid_links[4];
	__u64 start_boottime;
	const struct cred *real_cred;
	const struct cred *cred;
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct seccomp seccomp;
	struct css_set *cgroups;
} __ksym_core;

struct task_struct___before_5_14 {
	long state;
} __ksym_core;

struct kernel_siginfo {
	int si_code;
} __ksym_core;

struct netns_ipv4 {
	int sysctl_ip_prot_sock;
} __ksym_core;

struct net {
	struct netns_ipv4 ipv4;
} __ksym_core;

typedef struct {
	struct net *net;
} __ksym_core possible_net_t;

struct sock_common {
	__u16 skc_family;
	__u16 skc_num;
	possible_net_t skc_net;
} __ksym_core;

struct sock {
	struct sock_common __sk_common;
	__u16 sk_type;
	__u16 sk_protocol;
} __ksym_core;

struct socket {
	struct sock *sk;
} __ksym_core;

struct sockaddr_un {
	char sun_path[108];
} __ksym_core;

struct unix_address {
	int len;
	struct sockaddr_un name[0];
} __ksym_core;

struct unix_sock {
	struct unix_address *addr;
	struct path path;
	struct sock *peer;
} __ksym_core;

struct open_how {
	__u64 flags;
} __ksym_core;

struct io_cmd_data {
	struct file *file;
} __ksym_core;

struct io_kiocb {
	struct io_cmd_data cmd;
	__u8 opcode;
} __ksym_core;

struct io_open {
	__u32 file_slot;
	struct open_how how;
} __ksym_core;

struct io_socket {
	int domain;
	int type;
} __ksym_core;

struct io_uring_cqe {
	__s32 res;
} __ksym_core;

struct bpf_iter__task {
	struct task_struct *task;
} __ksym_core;

#endif
