/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What sendmsg(2) and recvmsg(2) are given, struct msghdr, as each ABI lays it out. Knows nothing of
 * what is looked for in it.
 */
#ifndef LEASTCALL_MESSAGE_H
#define LEASTCALL_MESSAGE_H

struct message {
	__u64 name, name_length, vectors, vectors_count, control, control_length;
};

/* Of recvmmsg(2): a struct msghdr each, its flags, what was received. */
#define MMSGHDR_BYTES        64
#define MMSGHDR_BYTES_NARROW 32

static __always_inline bool message_read(__u64 at, __u32 abi, struct message *ret)
{
	__u32 narrow[6];

	if (abi != CALL_I386)
		return !bpf_probe_read_user(ret, sizeof(*ret), (void *)at);
	if (bpf_probe_read_user(narrow, sizeof(narrow), (void *)at))
		return false;
	*ret = (struct message){narrow[0], narrow[1], narrow[2], narrow[3], narrow[4], narrow[5]};
	return true;
}

#endif
