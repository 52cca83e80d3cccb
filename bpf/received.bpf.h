/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Descriptors that a task was given: those that come over unix sockets are in the control messages
 * that the program has just received, unix(7), cmsg(3).
 */
#ifndef LEASTCALL_RECEIVED_H
#define LEASTCALL_RECEIVED_H

#define SOL_SOCKET    1
#define SCM_RIGHTS    1
#define RIGHTS_MAX    253 /* net/scm.h: SCM_MAX_FD */
#define CONTROLS_MAX  16
#define MESSAGES_MAX  1024 /* linux/uio.h: UIO_MAXIOV */
#define MMSGHDR_BYTES 64

/* A descriptor that the task has now, and did not open itself. */
static __always_inline void received_look(struct task_struct *task, __u32 slot, __u32 fd)
{
	struct file *file = file_of(task, fd);
	__u32 perms = file ? open_perms(file, 0) : 0;

	if (perms)
		file_use(file, slot, perms);
}

struct msghdr_native {
	__u64 name, name_length, vectors, vectors_count, control, control_length;
};

struct cmsghdr_native {
	__u64 length;
	__u32 level, type;
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
	__u32 done;
};

static long rights_look(__u32 i, struct rights *rights)
{
	__s32 fd;

	if (i >= rights->count ||
	    bpf_probe_read_user(&fd, sizeof(fd), (void *)(rights->at + i * sizeof(fd))))
		return 1;
	received_look(bpf_get_current_task_btf(), rights->slot, fd);
	return 0;
}

static long control_look(__u32 i, struct controls *controls)
{
	struct cmsghdr_native control;
	struct rights rights = {.slot = controls->slot};

	if (controls->at + sizeof(control) > controls->end ||
	    bpf_probe_read_user(&control, sizeof(control), (void *)controls->at) ||
	    control.length < sizeof(control)) {
		controls->done = true;
		return 1;
	}
	if (control.level == SOL_SOCKET && control.type == SCM_RIGHTS) {
		rights.at = controls->at + sizeof(control);
		rights.count = (control.length - sizeof(control)) / sizeof(__s32);
		bpf_loop(RIGHTS_MAX, rights_look, &rights, 0);
	}
	controls->at += (control.length + 7) & ~7ull;
	return 0;
}

struct messages {
	__u64 at;
	__u32 slot;
	__u32 count;
};

/* The descriptors that came with each of them. */
static long message_look(__u32 i, struct messages *messages)
{
	struct controls controls = {.slot = messages->slot};
	struct msghdr_native header;

	if (i >= messages->count)
		return 1;
	if (bpf_probe_read_user(&header, sizeof(header),
				(void *)messages->at + i * MMSGHDR_BYTES) ||
	    !header.control_length)
		return 0;
	controls.at = header.control;
	controls.end = header.control + header.control_length;
	bpf_loop(CONTROLS_MAX, control_look, &controls, 0);
	if (!controls.done)
		LOST(files);
	return 0;
}

static __always_inline void messages_look(__u64 at, __u32 count, __u32 slot)
{
	struct messages messages = {.at = at, .slot = slot, .count = count};

	bpf_loop(MESSAGES_MAX, message_look, &messages, 0);
}

#endif
