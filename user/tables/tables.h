/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names for the kernel's numbers. The rows are in the .inc files beside this one, made by
 * tools/gen-tables or kept by hand, each with its source on top; tests/unit/test_tables.c and
 * test_names.c hold every row against a witness that is not the table.
 */
#ifndef LEASTCALL_TABLES_H
#define LEASTCALL_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The ABIs that a system call number can belong to. The values are ours, not the kernel's, and
 * stand in recordings only as names. The first three are also the kernel side's (bpf/event.h). */
enum abi {
	ABI_X86_64,
	ABI_I386,
	ABI_X32, /* numbers without __X32_SYSCALL_BIT */
	ABI_AARCH64,
	ABI_ARM,
	ABI_RISCV64,
	ABI_COUNT,
};

/* "x86_64", "i386" ... as recordings spell it. */
const char *abi_name(enum abi abi);
/* The runtime-spec's name: "SCMP_ARCH_X86_64" ... */
const char *abi_scmp_name(enum abi abi);
/* libseccomp's token (SCMP_ARCH_*, the kernel's AUDIT_ARCH_*). */
uint32_t abi_scmp_token(enum abi abi);
/* False where there is no such ABI; *ret is untouched then. */
bool abi_from_name(const char *name, enum abi *ret);
bool abi_from_machine(const char *utsname_machine, enum abi *ret);

/* NULL where the number has no name. */
const char *syscall_name(enum abi abi, uint32_t nr);
/* False where the ABI has no such call. */
bool syscall_number(enum abi abi, const char *name, uint32_t *ret);
/* Some ABI has such a call. */
bool syscall_is_known(const char *name);

/*
 * i386's multiplexed calls: socketcall(2) and ipc(2) say in their first argument which call is
 * meant (linux/net.h SYS_*, linux/ipc.h). NULL where nr is neither, or sub is not known.
 */
const char *syscall_sub_name(enum abi abi, uint32_t nr, uint32_t sub);

/* How much of the arguments is recorded. */
enum args_level {
	ARGS_NONE,
	ARGS_SAFE, /* of the few calls where it matters most, none of them hot */
	ARGS_ALL,
	ARGS_LEVELS,
};
/* "none" ... */
const char *args_level_name(enum args_level level);
/* False where there is no such level; *ret is untouched then. */
bool args_level_from_name(const char *name, enum args_level *ret);

/* How a profile tells the arguments of a call apart. */
enum arg_form {
	ARG_VALUES,     /* as they were seen: (argument & mask) == value, for each mask but 0 */
	ARG_SOCKET,     /* ... the third, the protocol, only where the others are of such a kind */
	ARG_NEVER_BOTH, /* not all bits of the mask at once, where that was never seen */
	ARG_POINTER,    /* not at all: masks[0] is of the 64 bits that the first one points at */
};
struct args_row {
	const char *name;
	enum args_level level;
	enum arg_form form;
	uint64_t masks[6];
};
extern const struct args_row args_rows[];
extern const size_t args_count;
/* NULL where no argument of the call is looked at. */
const struct args_row *args_row(const char *name);
/* The row of a call, or NULL: i386's mmap (a pointer to its arguments) and x32 have none. */
const struct args_row *args_row_of(enum abi abi, uint32_t nr);

/* "EPERM"; NULL where there is none. asm-generic/errno.h. */
const char *errno_name(uint32_t code);
/* False where there is no such error; *ret is untouched then. */
bool errno_from_name(const char *name, uint32_t *ret);
/* "net_bind_service" as AppArmor and capabilities(7) spell it, lower case, no "cap_". */
const char *capability_name(uint32_t capability);
/* AppArmor's word for an address family ("inet", "unix", "netlink"), apparmor.d(5). */
const char *family_name(uint32_t family);
/* "stream", "dgram", "seqpacket", "rdm", "raw", "packet"; the low four bits of socket(2)'s type. */
const char *socket_type_name(uint32_t type);
/* "hup", "rtmin+2" as AppArmor spells them; "exists" for 0. Up to SIGNAL_MAX. */
const char *signal_name(uint32_t number);
#define SIGNAL_MAX 64
/* "openat" ... of an opcode of io_uring(7), as linux/io_uring.h has it. */
const char *io_uring_name(uint32_t opcode);
/* "nosuid" ... of 1 << bit in the flags of mount(2), as AppArmor spells it. */
const char *mount_flag_name(uint32_t bit);

/* A table of names that is a set with a reason for each: sorted, `count` rows. */
struct name_row {
	const char *name;
	const char *reason;
};
/* What every profile needs though a recording may not hold it (rt_sigreturn, restart_syscall,
 * exit, exit_group ...), and what i386 needs beside it. */
extern const struct name_row always_rows[];
extern const size_t always_count;
extern const struct name_row always_i386_rows[];
extern const size_t always_i386_count;

/* What libraries try first, and do without where they meet ENOSYS. */
extern const struct name_row fallback_rows[];
extern const size_t fallback_count;

/* Who makes a container, and needs some calls behind the filter that it has loaded. */
enum runtime {
	RUNTIME_AUTO, /* any for a container, none for what is none */
	RUNTIME_NONE,
	RUNTIME_ANY, /* whichever comes */
	RUNTIME_RUNC,
	RUNTIME_CRUN,
	RUNTIME_YOUKI,
	RUNTIMES,
};
/* "auto", "runc" ... */
const char *runtime_name(enum runtime runtime);
/* False where there is no such runtime; *ret is untouched then. */
bool runtime_from_name(const char *name, enum runtime *ret);

/* When a runtime makes a call of its floor: bits. */
enum floor_moment {
	FLOOR_START = 1 << 0, /* of the container */
	FLOOR_EXEC = 1 << 1,  /* of one more process in it: docker exec, health checks, probes */
};
/* A call that a runtime makes behind the filter, up to the application's execve. */
struct floor_row {
	const char *name;
	enum runtime runtime;
	unsigned int moments;   /* enum floor_moment */
	bool with_no_new_privs; /* there too: the filter is loaded last then */
	const char *version;    /* of the runtime: the oldest known to make the call */
	const char *source;     /* how that is known, and what the call is for */
};
extern const struct floor_row floor_rows[];
extern const size_t floor_count;
/* Is the row in the floor of that runtime (RUNTIME_ANY: of all of them)? */
bool floor_row_counts(const struct floor_row *row, enum runtime runtime, bool no_new_privs);

/* Arguments that are allowed beside those that were seen (args_more.inc). */
struct args_more_row {
	const char *name;
	enum runtime runtime; /* RUNTIME_NONE: wherever they are told apart; else in its floor */
	bool with_no_new_privs;
	uint64_t values[6];
	const char *source;
};
extern const struct args_more_row args_more_rows[];
extern const size_t args_more_count;

/* What a call is worth to whoever has taken over a program, in rising order. */
enum tier {
	TIER_NONE,
	TIER_INFO,     /* there were flaws behind it, but everybody needs it */
	TIER_OBSOLETE, /* nobody needs it */
	TIER_MEDIUM,   /* helps to stay, to spread, or to look into other processes */
	TIER_HIGH,     /* a way out of the container, or much of the kernel behind it */
	TIER_CRITICAL, /* rules the host */
	TIERS,
};
struct tier_row {
	const char *name;
	enum tier tier;
	const char *why;
	const char *source;
};
extern const struct tier_row tier_rows[];
extern const size_t tier_count;
/* NULL: TIER_NONE. Of the name alone, whatever the arguments are. */
const struct tier_row *tier_row(const char *name);
/* TIER_NONE where it has no row. */
enum tier tier_of(const char *name);
/* "none", "info" ... */
const char *tier_name(enum tier tier);
/* False where there is no such tier; *ret is untouched then. */
bool tier_from_name(const char *name, enum tier *ret);

/* Which calls a profile allows in place of those that were seen (equivalent.inc). */
enum families {
	FAMILIES_AUTO, /* libc; full where architectures are named */
	FAMILIES_NONE,
	FAMILIES_LIBC, /* what another C library would call, or another version of it */
	FAMILIES_FULL, /* ... on another architecture */
	FAMILIES,
};
/* "auto", "none" ... */
const char *families_name(enum families families);
/* False where there is no such word; *ret is untouched then. */
bool families_from_name(const char *name, enum families *ret);

/* A call's place in a group of calls that stand in for each other. */
struct equivalent_row {
	const char *group;
	const char *name;
	enum families level; /* from which on it comes in; FAMILIES_NONE: never */
	bool asks;           /* where it is in, the others come in; else it only goes with them */
	const char *why;
};
extern const struct equivalent_row equivalent_rows[]; /* by group */
extern const size_t equivalent_count;
/* By which row `name` comes in where `asks` is; NULL where it does not. */
const struct equivalent_row *equivalent_row(const char *asks, const char *name,
					    enum families level);

/* Of which programs a path is to be expected, by what was recorded of them. */
enum rare_when {
	RARE_SERVER,  /* accepts connections */
	RARE_LOG,     /* ... and appends to files */
	RARE_KEEPER,  /* ... and writes files otherwise */
	RARE_CLIENT,  /* connects over IP */
	RARE_THREADS, /* starts threads or processes, and waits for locks */
	RARE_HANDLER, /* sets signal handlers */
	RARE_SLEEPER, /* waits with a timeout in calls that restart_syscall(2) resumes */
	RARE_WHENS,
};
/* Something that a program does seldom, and with it calls that a recording lacks then. */
struct rare_path {
	const char *what; /* a word or two for people */
	enum rare_when when;
	const char *signs[10]; /* one of these calls was made: it happened */
	uint16_t errnos[8];    /* ... or one of these came back; without any sign: not known */
	const char *calls[12]; /* what it was seen to call */
	const char *happens, *provoke;
	const char *source;
};
extern const struct rare_path rare_paths[];
extern const size_t rare_path_count;

/* What Docker's default profile allows on x86-64 with its default capabilities (clone, personality
 * and socket for some arguments only): for comparison only. Sorted. */
extern const char *const docker_default_names[];
extern const size_t docker_default_count;

#endif
