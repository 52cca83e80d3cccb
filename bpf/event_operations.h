/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is no access to a file: sockets, io_uring, signals and the like. A part of event.h, included by nothing else. */
#ifndef LEASTCALL_EVENT_OPERATIONS_H
#define LEASTCALL_EVENT_OPERATIONS_H

struct socket_key {
	__u32 slot;
	__u16 family;
	__u16 type;
};
_Static_assert(sizeof(struct socket_key) == 8, "socket_key has no padding");

/* What a request of io_uring does. */
enum uring_action {
	URING_OTHER = 0, /* its opcode is told */
	URING_NOTHING,   /* that AppArmor would ask about */
	URING_OPEN,
	URING_SOCKET,
	URING_BIND,
	URING_CONNECT,
	URING_SEND,    /* told where it may have been to the address of a unix socket */
	URING_RECEIVE, /* ... where it may have brought descriptors */
};
#define URING_OPCODES 256

/* What was done that is no access to a file: enum operation of user/model/fact.h, for the kernel
 * side. The three of unix sockets come first: see USE_UNIX. */
enum done {
	DONE_UNIX_BIND,
	DONE_UNIX_CONNECT,
	DONE_UNIX_SEND,
	DONE_SIGNAL,
	DONE_TRACE,
	DONE_READ,
	DONE_USERNS,
	DONE_MQUEUE,
	DONE_PROFILE_CHANGE,
	DONE_PROFILE_EXEC,
	DONE_URING_SQPOLL,
	DONE_URING_CREDENTIALS,
	DONE_URING_OTHER,
	DONE_URING, /* any request: its opcode */
	DONES,
};

struct operation_key {
	__u32 slot;
	__u32 done;
	__u32 peer; /* a workload, or WORKLOAD_NONE */
	__u32 number;
};
_Static_assert(sizeof(struct operation_key) == 16, "operation_key has no padding");

/* ... and what has a word: what is beyond its length is 0. */
struct word_key {
	__u32 slot;
	__u16 done;
	__u16 length;
	__u32 number;
	char text[WORD_BYTES];
};
_Static_assert(sizeof(struct word_key) == 12 + WORD_BYTES, "word_key has no padding");

#endif
