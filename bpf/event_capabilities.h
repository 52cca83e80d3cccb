/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Capabilities: as the kernel tells them, and as they are inferred. A part of event.h, included by nothing else. */
#ifndef LEASTCALL_EVENT_CAPABILITIES_H
#define LEASTCALL_EVENT_CAPABILITIES_H

struct capability_key {
	__u32 slot;
	__u32 capability;
};
_Static_assert(sizeof(struct capability_key) == 8, "capability_key has no padding");

/* How a capability was asked for: what is kept by capability_key. */
enum capability_asked {
	ASKED = 1,
	ASKED_SILENTLY = 2, /* each time so that a refusal is not logged */
};

/* Where a function of the kernel lies. */
struct kernel_range {
	__u64 start;
	__u64 end; /* the next symbol's start */
};

enum capable_function {
	CAPABLE_LSM = 0,   /* security_capable() */
	CAPABLE_SILENT,    /* ns_capable_noaudit() */
	CAPABLE_SILENT_OF, /* has_capability_noaudit() */
	CAPABLE_SILENT_IN, /* has_ns_capability_noaudit() */
	CAPABLE_JIT,       /* bpf_int_jit_compile() */
	CAPABLE_FUNCTIONS,
};

/* When a call that succeeded has used a capability; `arg` is the argument that is looked at. */
enum inferred_when {
	WHEN_NEVER = 0, /* it changes what the task has */
	WHEN_ALWAYS,
	WHEN_FLAGS,         /* it has bits of the mask */
	WHEN_BIT,           /* its low five bits are the number of one of the mask's */
	WHEN_NAMESPACES,    /* as WHEN_FLAGS; of a new user namespace they need not be asked for */
	WHEN_NAMESPACES_AT, /* ... at where it points */
	WHEN_JOINED,        /* its type of namespace may ask for one more */
	WHEN_TIMEX,         /* it points at a struct timex that changes something */
	WHEN_DEVICE,        /* it is the mode of one */
	WHEN_NICE,       /* it is what to change the priority of; the mask: it is the task's own */
	WHEN_POLICY,     /* it is whose policy to change */
	WHEN_RAW,        /* of a socket: family and type */
	WHEN_LOW_PORT,   /* it is a socket that is bound to one now */
	WHEN_FOREIGN,    /* it is a descriptor of somebody else's file */
	WHEN_GIVEN_AWAY, /* it and the next are ids: not the task's own. The mask: how wide */
	WHEN_NEW_USER,   /* an id of the task's is none that it had; the mask: nor a saved one */
	WHEN_NEW_GROUP,
	WHEN_FILTERED,  /* a seccomp filter was set, and privileges are not renounced */
	WHEN_LOCKED,    /* more memory is locked than everybody may */
	WHEN_POINTS_AT, /* ... a number that is not 0 */
	WHEN_PRIORITY,  /* ... a socket's that not everybody may set */
	WHEN_NETLINK,   /* a message's address; the mask: it is a struct msghdr's */
	WHEN_OPENED,    /* the result is a file that the task has no permission for */
	WHEN_CHOSEN,    /* it tells which row of inferred_choices counts; the mask: with the next */
};

struct inferred_class {
	__u8 capability;
	__u8 when; /* enum inferred_when */
	__u8 arg;
	__u8 instead; /* what is asked for where the task does not have it; 0: nothing */
	__u32 mask;
};
_Static_assert(sizeof(struct inferred_class) == 8, "inferred_class has no padding");
#define INFERRED_CLASSES 128

/* What a call that does many things is asked for, by its row of inferred_classes and what it does. */
struct inferred_choice {
	__u64 key;
	struct inferred_class class;
};
#define INFERRED_CHOICES           128 /* a power of two */
#define CHOICE_KEY(row, what)      ((__u64)(row) << 32 | (__u32)(what))
#define CHOICE_PAIR(first, second) ((__u32)(first) << 16 | (__u16)(second))

#endif
