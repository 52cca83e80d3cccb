/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Calls: what is counted, and which are looked at when they succeed. A part of event.h, included by nothing else. */
#ifndef LEASTCALL_EVENT_CALLS_H
#define LEASTCALL_EVENT_CALLS_H

/* The ABIs of x86; the same values as user/tables/tables.h. */
enum call_abi {
	CALL_X86_64 = 0,
	CALL_I386 = 1,
	CALL_X32 = 2,
};

struct cell_key {
	__u32 slot;
	__u32 nr;
	__u16 abi;
	__u16 sub; /* socketcall's and ipc's call, else 0 */
};
_Static_assert(sizeof(struct cell_key) == 12, "cell_key has no padding");

/* How often, and since when. */
struct cell {
	__u64 count;
	__u64 first_ns : 62; /* CLOCK_MONOTONIC */
	__u64 told : 1;      /* the ring buffer has taken the news of it */
	__u64 settled : 1;   /* told, and its arguments do not matter: only count */
};
_Static_assert(sizeof(struct cell) == 16, "cell has no padding");

/* Calls that returned an error, or that seccomp refused: {..} -> how often (__u64). */
struct result_key {
	struct cell_key call;
	__u16 errnum; /* 512 and up: the kernel's own restart codes */
	__u8 denied;
	__u8 pad;
};
_Static_assert(sizeof(struct result_key) == 16, "result_key has no padding");

/* Which arguments of a call are looked at, and which of their bits. */
struct argument_class {
	__u64 masks[CALL_ARGUMENTS];
	__u32 known;   /* bits: the masks that are not 0 */
	__u32 pointer; /* of the first one, what it points at */
};
_Static_assert(sizeof(struct argument_class) == 56, "argument_class has no padding");

/* Calls by their arguments: {..} -> how often (__u64). `known` is 0 for all that are beyond
 * ARGUMENTS_CALL. */
struct arguments_key {
	struct cell_key call;
	__u32 known;
	__u64 values[CALL_ARGUMENTS];
};
_Static_assert(sizeof(struct arguments_key) == 64, "arguments_key has no padding");

/* What sys_exit looks at when a call succeeded; 0: nothing. One byte an ABI in exit_class. */
enum exit_class {
	CLASS_OPEN = 1, /* flags are argument 1 */
	CLASS_OPENAT,   /* flags are argument 2 */
	CLASS_OPENAT2,  /* flags are behind argument 2 */
	CLASS_CREAT,    /* flags are implied */
	CLASS_MMAP,     /* prot is argument 2, the descriptor argument 4 */
	CLASS_SOCKET,   /* family and type are arguments 0 and 1 */
	CLASS_SOCKETCALL,
	CLASS_ACCEPT,   /* only where the serving mark waits for one */
	CLASS_WRITE,    /* only where it waits for a text, or profiles can be changed */
	CLASS_WRITEV,   /* ... for a text: behind the vectors of argument 1 */
	CLASS_MPROTECT, /* the address is argument 0, prot argument 2 */
	CLASS_FD_WRITE, /* argument 0 is a descriptor whose file is changed: fchmod and the like */
	CLASS_FD_NEW,   /* the result is somebody else's descriptor: pidfd_getfd */
	CLASS_FLOCK,    /* the operation is argument 1 */
	CLASS_FCNTL,    /* the command is argument 1, struct flock behind argument 2 */
	CLASS_RECVMSG,  /* struct msghdr is behind argument 1 */
	CLASS_RECVMMSG, /* result many of them are, each with its length */
	CLASS_SIGNAL,   /* see on_signal(): the call itself tells nothing */

	CLASS_PTRACE,      /* the request is argument 0, the process argument 1 */
	CLASS_PID_TRACE,   /* asks to trace the process of argument 0 */
	CLASS_PID_READ,    /* ... to read it */
	CLASS_SECOND_READ, /* ... that of argument 1 */
	CLASS_KCMP,        /* ... both */
	CLASS_PIDFD_READ,  /* ... the one behind the descriptor of argument 0 */

	CLASS_BIND,    /* the socket is argument 0 */
	CLASS_CONNECT, /* ... too */
	CLASS_SENDTO,  /* ... the address argument 4 */
	CLASS_SENDMSG, /* ... the address in what argument 1 points at */

	CLASS_UNSHARE, /* flags are argument 0: clone(2), too */
	CLASS_CLONE3,
	CLASS_URING_SETUP,    /* parameters are behind argument 1 */
	CLASS_URING_REGISTER, /* the operation is argument 1 */
	CLASS_MQ_OPEN,        /* flags are argument 1 */
	CLASS_ATTRIBUTE_SET,  /* the attribute is argument 0, its value behind argument 1 */
	CLASS_FILTER,         /* may ask whether a filter may be set: see on_capable() */
	CLASS_INFERRED,       /* only inferred_class has a row for it */
	CLASS_NAMES = 0x80,   /* and up: the rows of name_classes */
};

#endif
