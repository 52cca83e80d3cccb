/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which calls the kernel side looks at, and where their arguments are: rows by name, which become
 * tables by number.
 */
#include <linux/io_uring.h>
#include <string.h>

#include "tables/tables.h"
#include "tracer_internal.h"

/* Whose success sys_exit looks at, and as what. */
struct exit_row {
	const char *name;
	enum exit_class class;
};

static const struct exit_row file_rows[] = {
	{"open", CLASS_OPEN},
	{"openat", CLASS_OPENAT},
	{"open_by_handle_at", CLASS_OPENAT},
	{"openat2", CLASS_OPENAT2},
	{"creat", CLASS_CREAT},
	{"mmap2", CLASS_MMAP},
	{"mprotect", CLASS_MPROTECT},
	{"pkey_mprotect", CLASS_MPROTECT},
	{"fchmod", CLASS_FD_WRITE},
	{"fchown", CLASS_FD_WRITE},
	{"fchown32", CLASS_FD_WRITE},
	{"ftruncate", CLASS_FD_WRITE},
	{"ftruncate64", CLASS_FD_WRITE},
	{"pidfd_getfd", CLASS_FD_NEW},
	{"flock", CLASS_FLOCK},
	{"fcntl", CLASS_FCNTL},
	{"fcntl64", CLASS_FCNTL},
	{"recvmsg", CLASS_RECVMSG},
	{"recvmmsg", CLASS_RECVMMSG},
	{"socket", CLASS_SOCKET},
	{"socketpair", CLASS_SOCKET},
	{"socketcall", CLASS_SOCKETCALL},
};

/* What is no access to a file. What the calls of CLASS_PID_* ask for: ptrace_may_access() and
 * mm_access() in the kernel's sources. */
static const struct exit_row operation_rows[] = {
	{"bind", CLASS_BIND},
	{"connect", CLASS_CONNECT},
	{"sendto", CLASS_SENDTO},
	{"sendmsg", CLASS_SENDMSG},
	{"kill", CLASS_SIGNAL},
	{"tkill", CLASS_SIGNAL},
	{"tgkill", CLASS_SIGNAL},
	{"rt_sigqueueinfo", CLASS_SIGNAL},
	{"rt_tgsigqueueinfo", CLASS_SIGNAL},
	{"pidfd_send_signal", CLASS_SIGNAL},
	{"ptrace", CLASS_PTRACE},
	{"process_vm_readv", CLASS_PID_TRACE},
	{"process_vm_writev", CLASS_PID_TRACE},
	{"get_robust_list", CLASS_PID_READ},
	{"migrate_pages", CLASS_PID_READ},
	{"move_pages", CLASS_PID_READ},
	{"perf_event_open", CLASS_SECOND_READ},
	{"kcmp", CLASS_KCMP},
	{"process_madvise", CLASS_PIDFD_READ},
	{"unshare", CLASS_UNSHARE},
	{"clone", CLASS_UNSHARE},
	{"clone3", CLASS_CLONE3},
	{"io_uring_setup", CLASS_URING_SETUP},
	{"io_uring_register", CLASS_URING_REGISTER},
	{"mq_open", CLASS_MQ_OPEN},
	{"lsm_set_self_attr", CLASS_ATTRIBUTE_SET},
	{"prctl", CLASS_FILTER},
	{"seccomp", CLASS_FILTER},
};

/* Calls that are given names, see struct name_class; by their arguments, counted from 1. */
struct name_call_row {
	const char *name;
	struct name_class class;
};

static const struct name_call_row name_rows[] = {
	{"mkdir", {NAME_MKDIR, {0, 0}, {1, 0}, 0, {0}}},
	{"mkdirat", {NAME_MKDIR, {1, 0}, {2, 0}, 0, {0}}},
	{"rmdir", {NAME_RMDIR, {0, 0}, {1, 0}, 0, {0}}},
	{"unlink", {NAME_UNLINK, {0, 0}, {1, 0}, 0, {0}}},
	{"unlinkat", {NAME_UNLINK, {1, 0}, {2, 0}, 3, {0}}},
	{"mknod", {NAME_CREATE, {0, 0}, {1, 0}, 0, {0}}},
	{"mknodat", {NAME_CREATE, {1, 0}, {2, 0}, 0, {0}}},
	{"symlink", {NAME_CREATE, {0, 0}, {2, 0}, 0, {0}}},
	{"symlinkat", {NAME_CREATE, {2, 0}, {3, 0}, 0, {0}}},
	{"rename", {NAME_RENAME, {0, 0}, {1, 2}, 0, {0}}},
	{"renameat", {NAME_RENAME, {1, 3}, {2, 4}, 0, {0}}},
	{"renameat2", {NAME_RENAME, {1, 3}, {2, 4}, 5, {0}}},
	{"link", {NAME_LINK, {0, 0}, {1, 2}, 0, {0}}},
	{"linkat", {NAME_LINK, {1, 3}, {2, 4}, 5, {0}}},
	{"chmod", {NAME_CHANGE, {0, 0}, {1, 0}, 0, {0}}},
	{"fchmodat", {NAME_CHANGE, {1, 0}, {2, 0}, 0, {0}}},
	{"fchmodat2", {NAME_CHANGE, {1, 0}, {2, 0}, 4, {0}}},
	{"chown", {NAME_CHOWN, {0, 0}, {1, 0}, 0, {0}}},
	{"chown32", {NAME_CHOWN, {0, 0}, {1, 0}, 0, {0}}},
	{"lchown", {NAME_LCHOWN, {0, 0}, {1, 0}, 0, {0}}},
	{"lchown32", {NAME_LCHOWN, {0, 0}, {1, 0}, 0, {0}}},
	{"fchownat", {NAME_CHOWN, {1, 0}, {2, 0}, 5, {0}}},
	{"truncate", {NAME_CHANGE, {0, 0}, {1, 0}, 0, {0}}},
	{"truncate64", {NAME_CHANGE, {0, 0}, {1, 0}, 0, {0}}},
	{"mount", {NAME_MOUNT, {0, 0}, {1, 2}, 4, {3}}},
	{"move_mount", {NAME_MOVE_MOUNT, {1, 3}, {2, 4}, 5, {0}}},
	{"umount", {NAME_UMOUNT, {0, 0}, {1, 0}, 0, {0}}}, /* i386's old one */
	{"umount2", {NAME_UMOUNT, {0, 0}, {1, 0}, 2, {0}}},
	{"pivot_root", {NAME_PIVOT_ROOT, {0, 0}, {1, 2}, 0, {0}}},
};
_Static_assert(ARRAY_SIZE(name_rows) <= NAME_CLASSES, "the kernel side has room for them");

/* ... and what for the serving mark alone. */
static const struct exit_row accept_rows[] = {
	{"accept", CLASS_ACCEPT},
	{"accept4", CLASS_ACCEPT},
};

static const struct exit_row text_rows[] = {
	{"write", CLASS_WRITE}, /* sendto is looked at anyway */
};

static void exit_class_set(struct leastcall_bpf *skel, const char *name, unsigned int class)
{
	uint32_t nr;

	if (syscall_number(ABI_X86_64, name, &nr) && nr < HOT_CALLS)
		skel->rodata->exit_class[nr] |= class;
	if (syscall_number(ABI_I386, name, &nr) && nr < HOT_CALLS)
		skel->rodata->exit_class[nr] |= class << 8;
}

static void exit_rows_fill(struct leastcall_bpf *skel, const struct exit_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		exit_class_set(skel, rows[i].name, rows[i].class);
}

static void name_rows_fill(struct leastcall_bpf *skel)
{
	for (size_t i = 0; i < ARRAY_SIZE(name_rows); i++) {
		memcpy(&skel->rodata->name_classes[i], &name_rows[i].class,
		       sizeof(name_rows[i].class));
		exit_class_set(skel, name_rows[i].name, CLASS_NAMES + i);
	}
}

static void classes_fill(struct leastcall_bpf *skel, const struct tracer_options *options)
{
	uint32_t nr;

	exit_rows_fill(skel, file_rows, ARRAY_SIZE(file_rows));
	exit_rows_fill(skel, operation_rows, ARRAY_SIZE(operation_rows));
	name_rows_fill(skel);
	/* i386's own mmap has its arguments in memory; mmap2 is the one that is used */
	if (syscall_number(ABI_X86_64, "mmap", &nr))
		skel->rodata->exit_class[nr] |= CLASS_MMAP;
	if (options->mark_on_accept)
		exit_rows_fill(skel, accept_rows, ARRAY_SIZE(accept_rows));
	if (skel->rodata->config.texts || skel->rodata->config.attributes)
		exit_rows_fill(skel, text_rows, ARRAY_SIZE(text_rows));
	if (!options->mark_on_text)
		return;
	if (syscall_number(ABI_X86_64, "writev", &nr))
		skel->rodata->exit_class[nr] |= CLASS_WRITEV;
}

/* What io_uring's requests do, by opcode. AppArmor asks about no name and no address in those that
 * do nothing; what is not here, nor known to this version, is told by its number. */
static const struct {
	uint8_t opcode;
	enum uring_action action;
} uring_rows[] = {
	{IORING_OP_NOP, URING_NOTHING},
	{IORING_OP_READV, URING_NOTHING},
	{IORING_OP_WRITEV, URING_NOTHING},
	{IORING_OP_FSYNC, URING_NOTHING},
	{IORING_OP_READ_FIXED, URING_NOTHING},
	{IORING_OP_WRITE_FIXED, URING_NOTHING},
	{IORING_OP_POLL_ADD, URING_NOTHING},
	{IORING_OP_POLL_REMOVE, URING_NOTHING},
	{IORING_OP_SYNC_FILE_RANGE, URING_NOTHING},
	{IORING_OP_SENDMSG, URING_SEND},
	{IORING_OP_RECVMSG, URING_RECEIVE},
	{IORING_OP_TIMEOUT, URING_NOTHING},
	{IORING_OP_TIMEOUT_REMOVE, URING_NOTHING},
	{IORING_OP_ACCEPT, URING_NOTHING},
	{IORING_OP_ASYNC_CANCEL, URING_NOTHING},
	{IORING_OP_LINK_TIMEOUT, URING_NOTHING},
	{IORING_OP_CONNECT, URING_CONNECT},
	{IORING_OP_FALLOCATE, URING_NOTHING},
	{IORING_OP_OPENAT, URING_OPEN},
	{IORING_OP_CLOSE, URING_NOTHING},
	{IORING_OP_FILES_UPDATE, URING_NOTHING},
	{IORING_OP_STATX, URING_NOTHING},
	{IORING_OP_READ, URING_NOTHING},
	{IORING_OP_WRITE, URING_NOTHING},
	{IORING_OP_FADVISE, URING_NOTHING},
	{IORING_OP_MADVISE, URING_NOTHING},
	{IORING_OP_SEND, URING_SEND},
	{IORING_OP_RECV, URING_NOTHING},
	{IORING_OP_OPENAT2, URING_OPEN},
	{IORING_OP_EPOLL_CTL, URING_NOTHING},
	{IORING_OP_SPLICE, URING_NOTHING},
	{IORING_OP_PROVIDE_BUFFERS, URING_NOTHING},
	{IORING_OP_REMOVE_BUFFERS, URING_NOTHING},
	{IORING_OP_TEE, URING_NOTHING},
	{IORING_OP_SHUTDOWN, URING_NOTHING},
	{40 /* MSG_RING */, URING_NOTHING},
	{45 /* SOCKET */, URING_SOCKET},
	{47 /* SEND_ZC */, URING_SEND},
	{48 /* SENDMSG_ZC */, URING_SEND},
	{49 /* READ_MULTISHOT */, URING_NOTHING},
	{50 /* WAITID */, URING_NOTHING},
	{51 /* FUTEX_WAIT */, URING_NOTHING},
	{52 /* FUTEX_WAKE */, URING_NOTHING},
	{53 /* FUTEX_WAITV */, URING_NOTHING},
	{54 /* FIXED_FD_INSTALL */, URING_NOTHING},
	{56 /* BIND */, URING_BIND},
	{57 /* LISTEN */, URING_NOTHING},
	{58 /* RECV_ZC */, URING_NOTHING},
	{59 /* EPOLL_WAIT */, URING_NOTHING},
	{60 /* READV_FIXED */, URING_NOTHING},
	{61 /* WRITEV_FIXED */, URING_NOTHING},
	{62 /* PIPE */, URING_NOTHING},
	{63 /* NOP128 */, URING_NOTHING},
};

static void uring_rows_fill(struct leastcall_bpf *skel)
{
	for (size_t i = 0; i < ARRAY_SIZE(uring_rows); i++)
		skel->rodata->uring_actions[uring_rows[i].opcode] = uring_rows[i].action;
}

static void argument_classes_fill(struct leastcall_bpf *skel, enum args_level level)
{
	static const enum abi abis[] = {[CALL_X86_64] = ABI_X86_64, [CALL_I386] = ABI_I386};
	const struct args_row *row;

	_Static_assert(CALL_ARGUMENTS == CALL_ARGS, "the kernel side has as many arguments");
	for (size_t abi = 0; abi < ARRAY_SIZE(abis); abi++) {
		for (uint32_t nr = 0; nr < HOT_CALLS; nr++) {
			row = args_row_of(abis[abi], nr);
			if (row && row->level <= level)
				skel->rodata->argument_class[abi][nr] = row - args_rows + 1;
		}
	}
	for (size_t i = 0; i < args_count && i + 1 < ARGUMENT_CLASSES; i++) {
		struct argument_class class = {.pointer = args_rows[i].form == ARG_POINTER};

		for (size_t k = 0; k < CALL_ARGS; k++) {
			class.masks[k] = args_rows[i].masks[k];
			class.known |= (class.masks[k] != 0) << k;
		}
		memcpy(&skel->rodata->argument_classes[i + 1], &class, sizeof(class));
	}
}

void exits_fill(struct leastcall_bpf *skel, const struct tracer_options *options)
{
	classes_fill(skel, options);
	uring_rows_fill(skel);
	if (skel->rodata->config.inferred)
		inferred_fill(skel);
	argument_classes_fill(skel, options->args);
}
