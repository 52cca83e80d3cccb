/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Descriptors that a task was given: those that come over unix sockets are in the control messages
 * that the program has just received, unix(7), cmsg(3).
 */
#ifndef LEASTCALL_RECEIVED_H
#define LEASTCALL_RECEIVED_H

#define AF_UNIX      1
#define SOL_SOCKET   1
#define SCM_RIGHTS   1
#define RIGHTS_MAX   253 /* net/scm.h: SCM_MAX_FD */
#define CONTROLS_MAX 16
#define MESSAGES_MAX 1024 /* linux/uio.h: UIO_MAXIOV */

struct messages {
	__u64 at;
	__u32 slot;
	__u32 count;
	__u32 abi;
};

struct rights {
	__u64 at;
	__u32 slot;
	__u32 count;
};

struct controls {
	__u64 at;
	__u64 end;
	__u32 slot;
	__u16 abi;
	__u16 done;
};

#ifdef KERNEL_5_10
struct received {
	struct messages messages;
	struct controls controls;
	struct rights rights;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct received);
} receiving SEC(".maps");
#endif

/* A descriptor that the task has now, and did not open itself. */
static __always_inline void received_look(struct task_struct *task, __u32 slot, __u32 fd)
{
	struct file *file = file_of(task, fd);
	__u32 perms = file ? open_perms(file, 0) : 0;

	if (perms)
		file_use(file, slot, perms);
}

/* struct cmsghdr: its length, level and type; what follows begins where the next could. */
static __always_inline __u32 control_read(const struct controls *controls, __u64 *ret_length,
					  __u64 *ret_kind)
{
	__u32 words[4];

	if (controls->abi == CALL_I386) {
		if (bpf_probe_read_user(words, 12, (void *)controls->at))
			return 0;
		*ret_length = words[0];
		*ret_kind = words[1] | (__u64)words[2] << 32;
		return 12;
	}
	if (bpf_probe_read_user(words, 16, (void *)controls->at))
		return 0;
	*ret_length = words[0] | (__u64)words[1] << 32;
	*ret_kind = words[2] | (__u64)words[3] << 32;
	return 16;
}

#ifndef KERNEL_5_10

static long rights_look(__u32 i, struct rights *rights)
{
	__s32 fd;

	if (i >= rights->count ||
	    bpf_probe_read_user(&fd, sizeof(fd), (void *)(rights->at + i * sizeof(fd))))
		return 1;
	received_look(task_current(), rights->slot, fd);
	return 0;
}

static long control_look(__u32 i, struct controls *controls)
{
	__u64 align = controls->abi == CALL_I386 ? 3 : 7, length = 0, kind = 0;
	struct rights rights = {.slot = controls->slot};
	__u32 header = control_read(controls, &length, &kind);

	if (!header || controls->at + header > controls->end || length < header) {
		controls->done = true;
		return 1;
	}
	if (kind == (SOL_SOCKET | (__u64)SCM_RIGHTS << 32)) {
		rights.at = controls->at + header;
		rights.count = (length - header) / sizeof(__s32);
		LOOP(RIGHTS_MAX, rights_look, &rights);
	}
	controls->at += (length + align) & ~align;
	return 0;
}

/* The descriptors that came with each of them. */
static long message_look(__u32 i, struct messages *messages)
{
	__u32 size = messages->abi == CALL_I386 ? MMSGHDR_BYTES_NARROW : MMSGHDR_BYTES;
	struct controls controls = {.slot = messages->slot, .abi = messages->abi};
	struct message message;

	if (i >= messages->count)
		return 1;
	if (!message_read(messages->at + i * size, messages->abi, &message) ||
	    !message.control_length)
		return 0;
	controls.at = message.control;
	controls.end = message.control + message.control_length;
	LOOP(CONTROLS_MAX, control_look, &controls);
	if (!controls.done)
		LOST(files);
	return 0;
}

static __always_inline void messages_look(__u64 at, __u32 count, __u32 slot, __u32 abi)
{
	struct messages messages = {.at = at, .slot = slot, .count = count, .abi = abi};

	LOOP(MESSAGES_MAX, message_look, &messages);
}

#else

#define RECEIVED_STEPS 320 /* messages, controls and descriptors of a call together */

static __always_inline struct sock *sock_of(struct file *file);

static __noinline bool is_unix_socket(__u32 fd)
{
	struct sock *sock = sock_of(file_of(task_current(), fd));

	return sock && BPF_CORE_READ(sock, __sk_common.skc_family) == AF_UNIX;
}

/* A global function: verified once. */
__noinline int right_look(__u32 slot, __u32 fd)
{
	received_look(task_current(), slot, fd);
	return 0;
}

static __always_inline void rights_next(struct received *received)
{
	__s32 fd;

	received->rights.count--;
	if (bpf_probe_read_user(&fd, sizeof(fd), (void *)received->rights.at))
		return;
	received->rights.at += sizeof(fd);
	right_look(received->rights.slot, fd);
}

/* The next control message of one: the descriptors that are in it, or the end. */
static __always_inline void control_next(struct received *received)
{
	struct controls *controls = &received->controls;
	__u64 align = controls->abi == CALL_I386 ? 3 : 7, length = 0, kind = 0;
	__u32 header = control_read(controls, &length, &kind);

	if (!header || controls->at + header > controls->end || length < header) {
		controls->at = 0;
		return;
	}
	if (kind == (SOL_SOCKET | (__u64)SCM_RIGHTS << 32)) {
		received->rights.at = controls->at + header;
		received->rights.count = (length - header) / sizeof(__s32);
	}
	controls->at += (length + align) & ~align;
}

static __always_inline void message_next(struct received *received)
{
	struct messages *messages = &received->messages;
	struct message message;

	messages->count--;
	if (message_read(messages->at, messages->abi, &message) && message.control_length) {
		received->controls.at = message.control;
		received->controls.end = message.control + message.control_length;
	}
	messages->at += messages->abi == CALL_I386 ? MMSGHDR_BYTES_NARROW : MMSGHDR_BYTES;
}

/* One step after the other, and its place kept in a map: see path.bpf.h. What comes over other sockets
 * has no descriptors, and is mostly what comes in large numbers. */
__noinline int messages_walk(__u64 at, __u32 count, __u32 slot, __u32 abi)
{
	__u32 index = 0;
	struct received *received = bpf_map_lookup_elem(&receiving, &index);

	if (!received || !is_unix_socket(call_arg(task_registers(task_current()), abi, 0)))
		return 0;
	received->messages.at = at;
	received->messages.count = count;
	received->messages.abi = received->controls.abi = abi;
	received->rights.slot = slot;
	received->rights.count = 0;
	received->controls.at = 0;
	for (int i = 0; i < RECEIVED_STEPS; i++) {
		if (received->rights.count)
			rights_next(received);
		else if (received->controls.at)
			control_next(received);
		else if (received->messages.count)
			message_next(received);
		else
			return 0;
	}
	LOST(files);
	return 0;
}

static __always_inline void messages_look(__u64 at, __u32 count, __u32 slot, __u32 abi)
{
	messages_walk(at, count, slot, abi);
}

#endif
#endif
