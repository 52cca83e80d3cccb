/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One line of a recording. What each kind means, its keys and how two of them merge is written in
 * user/man/leastcall-recording.5 and nowhere else.
 *
 * Strings are borrowed: a fact owns nothing. Text that came from the kernel or a user (paths, argv,
 * names) is in escaped form, see text.h.
 */
#ifndef LEASTCALL_FACT_H
#define LEASTCALL_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tables/tables.h"
#include "util/util.h"

#define RECORDING_FORMAT 1
#define CALL_ARGS        6    /* arguments that a call can have */
#define ERRNO_MAX        4095 /* linux/err.h MAX_ERRNO */
/* The largest integer that every JSON reader keeps exact; above it a string is written. */
#define EXACT_MAX ((UINT64_C(1) << 53) - 1)

enum fact_kind {
	FACT_RECORDING,  /* a run begins */
	FACT_WORKLOAD,   /* whose calls they are */
	FACT_SYSCALL,    /* a call was made */
	FACT_DENIED,     /* a call was refused by seccomp */
	FACT_ARGUMENTS,  /* a call was made with these arguments */
	FACT_FILE,       /* a path was used */
	FACT_SOCKET,     /* a socket was made */
	FACT_CAPABILITY, /* a capability was used */
	FACT_OPERATION,  /* something was done that an access to a file does not tell */
	FACT_FRAME,      /* a frame of the user stack when a call was first made */
	FACT_NOTE,       /* something to know; not a loss */
	FACT_INCOMPLETE, /* something was lost */
	FACT_END,        /* a run ended, and how */
	FACT_OTHER,      /* a kind this version does not know: kept as it is */
	FACT_KINDS,
};

/*
 * When in a container's life a fact happened. Zero is the application's: commands, processes and
 * lines without a phase have no other.
 */
enum phase {
	PHASE_START,   /* the application, from its execve on */
	PHASE_SERVING, /* the application, after it was marked as serving */
	PHASE_SETUP,   /* the runtime, before the seccomp filter was loaded: no filter judges it */
	PHASE_RUNTIME, /* the runtime, from there to the application's execve: the filter judges it */
	PHASES,
};

/* Sets of phases: bits of enum phase. */
#define PHASE_BIT(phase)   (1u << (phase))
#define PHASES_APPLICATION (PHASE_BIT(PHASE_START) | PHASE_BIT(PHASE_SERVING))
#define PHASES_JUDGED      (PHASES_APPLICATION | PHASE_BIT(PHASE_RUNTIME)) /* by the filter */
#define PHASES_ALL         (PHASE_BIT(PHASES) - 1)

/* Bits of a file fact's perms: the letters of apparmor.d(5), except x: "was executed". */
enum perm {
	PERM_READ = 1 << 0,   /* r */
	PERM_WRITE = 1 << 1,  /* w */
	PERM_APPEND = 1 << 2, /* a */
	PERM_MAP = 1 << 3,    /* m: mapped executable */
	PERM_LOCK = 1 << 4,   /* k */
	PERM_LINK = 1 << 5,   /* l */
	PERM_EXEC = 1 << 6,   /* x */
};

/* Bits of a file fact's flags: why a path may not be what it seems. */
enum path_flag {
	PATH_DELETED = 1 << 0,    /* "deleted": had no name any more */
	PATH_DETACHED = 1 << 1,   /* "detached": its mount was in no mount namespace */
	PATH_FOREIGN = 1 << 2,    /* "foreign": its mount was in another mount namespace */
	PATH_TRUNCATED = 1 << 3,  /* "truncated": only the end of it is known */
	PATH_UNRESOLVED = 1 << 4, /* "unresolved": as the program spelled it, links and all */
	PATH_FORBIDDEN = 1 << 5,  /* "forbidden": what is there was not the caller's to change */
};

/* Were those who used a file its owners? What is known wins, and of that "no". */
enum owner {
	OWNER_UNKNOWN,
	OWNER_YES,
	OWNER_NO,
};

/*
 * What a fact of FACT_OPERATION was. The words are in operation_names[]; which members each has is
 * written in leastcall-recording(5).
 */
enum operation {
	OP_EXEC,           /* target was executed; source: the script, where target interprets it */
	OP_LINK,           /* target is a new name of source */
	OP_UNIX_BIND,      /* detail: the address; number: the type */
	OP_UNIX_CONNECT,   /* ... of the other side */
	OP_UNIX_SEND,      /* ... of a datagram to an address */
	OP_SIGNAL,         /* number was sent to peer */
	OP_PTRACE_TRACE,   /* peer was traced */
	OP_PTRACE_READ,    /* ... read: process_vm_readv(2) and the like */
	OP_MOUNT,          /* detail: the type; number: MS_* flags, without MS_MGC_VAL */
	OP_MOVE_MOUNT,     /* source was attached to target */
	OP_UMOUNT,         /* target */
	OP_PIVOT_ROOT,     /* target: the new root, source: where the old one went */
	OP_USERNS,         /* a user namespace was made */
	OP_MQUEUE,         /* target was opened; number: O_ACCMODE and O_CREAT of the flags */
	OP_PROFILE_CHANGE, /* detail: the AppArmor profile that was asked for now */
	OP_PROFILE_EXEC,   /* ... at the next execve(2) */
	OP_IO_URING_SQPOLL,
	OP_IO_URING_CREDENTIALS,
	OP_IO_URING_OTHER, /* number: an opcode whose doings are not looked at */
	OP_IO_URING,       /* number: the opcode of a request */
	OPERATIONS,
};

/* Whom an operation was done to. */
enum peer {
	PEER_NONE,    /* nobody */
	PEER_SELF,    /* a task of the same workload */
	PEER_OUTSIDE, /* another one */
	PEERS,
};

struct errno_set {
	const uint16_t *codes; /* sorted; 0: no error, or never returned */
	size_t count;
};

struct fact {
	enum fact_kind kind;
	const char *run;      /* 16 lower-case hex digits; NULL only for FACT_OTHER */
	const char *workload; /* the workload's stable name; NULL where the kind has none */
	const char *exe;      /* resolved path of the executable; NULL where not known */
	enum phase phase;     /* of the kinds that fact_has_phase() names; else 0 */
	union {
		struct {
			uint32_t format;
			const char *tool;     /* "leastcall 0.1.0" */
			const char *kernel;   /* uname -r */
			const char *machine;  /* uname -m */
			const char *what;     /* "command", "pid", "cgroup", "container" ... */
			const char *target;   /* argv joined for people, pid, path; or NULL */
			const char *started;  /* UTC, RFC 3339, seconds */
			enum args_level args; /* whose arguments were looked at */
			bool files; /* sys_exit was attached: results, paths, denied calls */
		} recording;
		struct {
			const char *cgroup; /* path below the mount of its hierarchy, or NULL */
			const char *scope;  /* "cgroup" or "process tree" */
			const char *root;   /* resolved path of the command's executable, or NULL */
			const char *engine; /* "docker", "podman" ... or "unit"; NULL: neither */
			const char *id;     /* the container's, as its engine has it, or NULL */
			const char *image;  /* the container's, or NULL */
		} workload_;
		struct {
			enum abi abi;
			uint32_t nr;
			uint32_t sub;         /* socketcall's and ipc's call; else 0 */
			uint64_t count;       /* calls; at least 1 */
			uint64_t first_ns;    /* since the recording began */
			uint64_t interrupted; /* calls that the kernel was to restart */
			bool has_errnos;      /* false: not known */
			struct errno_set errnos;
		} syscall;
		struct {
			enum abi abi;
			uint32_t nr;
			uint32_t errnum; /* what the caller got; 0: killed, trapped or errno 0 */
			uint64_t count;
		} denied;
		struct {
			enum abi abi;
			uint32_t nr;
			uint32_t known; /* bits: the arguments that were looked at; 0: there were
					 * more kinds of calls than could be kept */
			uint64_t values[CALL_ARGS]; /* as table_args' masks have them; else 0 */
			uint64_t count;
		} arguments;
		struct {
			const char *path; /* a directory ends with a slash */
			uint32_t perms;   /* enum perm */
			uint32_t flags;   /* enum path_flag */
			enum owner owner;
		} file;
		struct {
			uint32_t family; /* AF_* */
			uint32_t type;   /* SOCK_*, without SOCK_CLOEXEC and SOCK_NONBLOCK */
		} socket;
		struct {
			uint32_t capability;
			bool inferred; /* from a call and its result, not from the kernel's check */
			bool silent;   /* only asked for where a refusal is not logged */
		} capability;
		struct {
			enum operation op;
			const char *source; /* paths as in a file fact, or NULL */
			const char *target;
			const char *detail; /* a word that is no path, or NULL; escaped */
			uint64_t number;
			enum peer peer;
			uint32_t flags; /* enum path_flag, of either path */
		} operation;
		struct {
			enum abi abi;
			uint32_t nr;
			uint32_t sub;         /* as of the call */
			uint32_t depth;       /* 0: the innermost */
			const char *file;     /* what was mapped there */
			const char *function; /* NULL: no symbol covers it */
			uint64_t offset; /* in the function, or, where there is none, in the file */
			const char *build_id; /* the file's, hex digits, or NULL */
		} frame;
		struct {
			const char *what; /* a word for programs, "already-running" */
			const char *text; /* a sentence for people */
		} note;
		struct {
			const char *what; /* a word for programs, "events", "cells" ... */
			const char *text; /* a sentence for people */
			uint64_t count;   /* how many were lost; 0 where it can't be known */
		} incomplete;
		struct {
			uint64_t calls;    /* all calls counted */
			uint64_t events;   /* records that came through the ring buffer */
			uint64_t dropped;  /* records that found the ring buffer full, told later */
			uint64_t repaired; /* facts that only the final reading told */
			uint64_t duration_ns;
			bool complete;
			int status; /* the command's exit status; -1 where there was none */
		} end;
		struct {
			const char *line; /* the object, unformatted, without a newline */
		} other;
	};
};

/* Without its newline. A longer one is neither read nor written. */
#define LINE_SIZE_MAX (1u << 20)

/*
 * Writes the fact as one line of JSON, keys in fixed order. Returns 0 or a negative errno; -EMSGSIZE
 * where the line would be too long to be read again, and nothing was written.
 */
int fact_write(const struct fact *fact, FILE *out);

/*
 * Parses one line. What *ret borrows from is owned by *ret_storage and freed with fact_free();
 * an unknown kind gives FACT_OTHER. Keys that a known kind does not know are dropped. Returns 0,
 * or -EBADMSG with the words in err: not JSON, not an object, a key missing or of the wrong type,
 * a number out of range.
 */
struct fact_storage;
int fact_parse(const char *line, size_t size, struct fact *ret, struct fact_storage **ret_storage,
	       struct err *err);
void fact_free(struct fact_storage *storage);

/* "rw" for PERM_READ | PERM_WRITE; letters in the order rwamklx. buf holds at least 8 bytes. */
const char *perms_text(uint32_t perms, char buf[8]);
/* The letters by bit number of enum perm: "rwamklx". */
extern const char perm_letters[];
/* "mount" ... as recordings spell it. */
extern const char *const operation_names[OPERATIONS];
/* "mount /dev/sdb1 -> /mnt/ ext4, ro": a line for people, not yet printable. The caller frees it. */
char *operation_words(const struct fact *fact);
/* "self" ...; NULL for PEER_NONE. */
extern const char *const peer_names[PEERS];
/* "deleted" ... by bit number of enum path_flag; PATH_FLAGS of them. */
#define PATH_FLAGS 6
extern const char *const path_flag_names[PATH_FLAGS];
/* "start" ... as recordings spell it. */
const char *phase_name(enum phase phase);
/* Facts of this kind tell when they happened. */
bool fact_has_phase(enum fact_kind kind);
/* "syscall" ... as recordings spell it; NULL for FACT_OTHER. */
const char *fact_kind_name(enum fact_kind kind);

#endif
