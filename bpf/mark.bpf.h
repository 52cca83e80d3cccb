/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the serving mark may wait for: the first connection that is accepted, or a text that is
 * written. The user side decides, and sets the mark; nothing is looked at once it is set.
 */
#ifndef LEASTCALL_MARK_H
#define LEASTCALL_MARK_H

struct iovec_native {
	__u64 base;
	__u64 length;
};

static __always_inline void accept_look(__u32 slot)
{
	struct event_word event = {.kind = EVENT_ACCEPT, .value = slot};

	if (!serving && bpf_ringbuf_output(&events, &event, sizeof(event), BPF_RB_FORCE_WAKEUP))
		LOST(marks);
}

__noinline int text_look(__u64 buffer, __u64 size, __u32 slot)
{
	struct path_record *record;

	if (serving || !size)
		return 0;
	record = path_scratch();
	if (!record)
		return 0;
	if (size > PATH_BYTES) { /* what comes at once and last is what people wait for */
		buffer += size - PATH_BYTES;
		size = PATH_BYTES;
	}
	barrier_var(size);
	if (size > PATH_BYTES || bpf_probe_read_user(record->text, size, (void *)buffer))
		return 0;
	record->kind = EVENT_TEXT;
	record->slot = slot;
	record->length = size;
	if (bpf_ringbuf_output(&events, record, offsetof(struct path_record, text) + size,
			       BPF_RB_FORCE_WAKEUP))
		LOST(marks);
	return 0;
}

/* musl's stdio writes the buffer and what did not fit into it as two vectors. */
static __always_inline void vectors_look(__u64 vectors, __u64 count, __u32 slot)
{
	struct iovec_native vector[2] = {};

	if (serving)
		return;
	if (bpf_probe_read_user(vector, count < 2 ? sizeof(vector[0]) : sizeof(vector),
				(void *)vectors))
		return;
	text_look(vector[0].base, vector[0].length, slot);
	text_look(vector[1].base, vector[1].length, slot);
}

#endif
