/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What io_uring did, which is no system call: seen when the kernel has the result. Each opcode is told;
 * and what was done, where it left something to look at (uring_actions has a row for each).
 *
 * A request that asked for no completion when it succeeds (IOSQE_CQE_SKIP_SUCCESS) has none.
 */
#ifndef LEASTCALL_URING_H
#define LEASTCALL_URING_H

/* By opcode. */
const volatile __u8 uring_actions[URING_OPCODES];

/* It may run in a thread that the kernel made for the process, and that is in nobody's state. */
static __always_inline __u32 uring_slot(struct task_struct *task)
{
	struct task_state *state = state_of(task);

	if (!state || state->slot == SLOT_NONE)
		state = state_of(FIELD(task, group_leader));
	return state ? state->slot : SLOT_NONE;
}

static __always_inline void uring_other(__u32 slot, __u32 opcode)
{
	operation_add(slot, DONE_URING_OTHER, opcode, WORKLOAD_NONE);
}

/* The result is a descriptor, unless the file went to a table of io_uring's own. */
static __always_inline void uring_open_look(struct task_struct *task, struct io_kiocb *request,
					    __u32 slot, __u32 opcode, int fd)
{
	struct io_open *open = (void *)request + bpf_core_field_offset(struct io_kiocb, cmd);

	if (BPF_CORE_READ(open, file_slot))
		uring_other(slot, opcode);
	else
		open_look(task, slot, fd, BPF_CORE_READ(open, how.flags));
}

static __always_inline void uring_socket_look(struct io_kiocb *request, __u32 slot)
{
	struct io_socket *socket = (void *)request + bpf_core_field_offset(struct io_kiocb, cmd);

	socket_use(slot, (__u32)BPF_CORE_READ(socket, domain), (__u32)BPF_CORE_READ(socket, type));
}

/* Of this type, where it is not 0. */
static __always_inline bool uring_is_unix(struct io_kiocb *request, __u32 type)
{
	struct sock *sock = sock_of(BPF_CORE_READ(request, cmd.file));

	return sock && BPF_CORE_READ(sock, __sk_common.skc_family) == AF_UNIX &&
	       (!type || BPF_CORE_READ(sock, sk_type) == type);
}

static __noinline int uring_look(struct io_kiocb *request, int result)
{
	struct task_struct *task = task_current();
	__u32 slot, opcode;

	if (!request)
		return 0;
	slot = uring_slot(task);
	if (slot == SLOT_NONE)
		return 0;
	opcode = BPF_CORE_READ(request, opcode);
	operation_add(slot, DONE_URING, opcode, WORKLOAD_NONE);
	if (result < 0)
		return 0;
	switch (uring_actions[opcode % URING_OPCODES]) {
	case URING_NOTHING:
		break;
	case URING_OPEN:
		uring_open_look(task, request, slot, opcode, result);
		break;
	case URING_SOCKET:
		uring_socket_look(request, slot);
		break;
	case URING_BIND:
		unix_look(sock_of(BPF_CORE_READ(request, cmd.file)), slot, DONE_UNIX_BIND);
		break;
	case URING_CONNECT:
		unix_look(sock_of(BPF_CORE_READ(request, cmd.file)), slot, DONE_UNIX_CONNECT);
		break;
	case URING_SEND:
		if (uring_is_unix(request, SOCK_DGRAM))
			uring_other(slot, opcode);
		break;
	case URING_RECEIVE:
		if (uring_is_unix(request, 0))
			uring_other(slot, opcode);
		break;
	default:
		uring_other(slot, opcode);
		break;
	}
	return 0;
}

/* Before 5.18 nobody tells whose result it is: what was asked for counts as done. */
SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(on_uring_submit, void *ring, __u8 opcode)
{
	__u32 slot = uring_slot(task_current());

	if (slot == SLOT_NONE)
		return 0;
	operation_add(slot, DONE_URING, opcode, WORKLOAD_NONE);
	if (uring_actions[opcode % URING_OPCODES] != URING_NOTHING)
		uring_other(slot, opcode);
	return 0;
}

/* The tracepoint has told the result itself; since 6.15, the completion entry. */
SEC("tp_btf/io_uring_complete")
int BPF_PROG(on_uring_result, void *ring, void *request, __u64 data, int result)
{
	return uring_look(request, result);
}

SEC("tp_btf/io_uring_complete")
int BPF_PROG(on_uring_entry, void *ring, void *request, struct io_uring_cqe *entry)
{
	return uring_look(request, BPF_CORE_READ(entry, res));
}

#endif
