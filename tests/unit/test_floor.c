/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What container runtimes need behind their filter, against what was measured and what was read: the
 * sets, written out a second time, and calls that no runtime makes there. Every name of theirs has a
 * row with that source, and every row has a name of theirs. It knows no reason and no version of a
 * row.
 */
#include <seccomp.h>
#include <string.h>

#include "tables/tables.h"
#include "test.h"
#include "util/util.h"

#define SET_MAX 32

/* strace -f of runc 1.1.5 and crun 1.8.1, uid 0 and 1000; all that was seen at least once. */
static const struct {
	enum runtime runtime;
	bool no_new_privs;
	unsigned int moment;
	const char *names[SET_MAX];
} measured[] = {
	{RUNTIME_RUNC,
	 true,
	 FLOOR_START,
	 {"close", "openat", "write", "fstatfs", "getdents64", "execve", "futex", "rt_sigreturn",
	  "epoll_ctl", "getpid"}},
	{RUNTIME_RUNC,
	 false,
	 FLOOR_START,
	 {"capget", "capset",    "chdir",  "close",   "epoll_ctl",  "execve", "faccessat2",
	  "fchown", "fcntl",     "fstat",  "fstatfs", "futex",      "getcwd", "getdents64",
	  "getpid", "getppid",   "openat", "prctl",   "newfstatat", "read",   "rt_sigreturn",
	  "setgid", "setgroups", "setuid", "write"}},
	{RUNTIME_RUNC,
	 true,
	 FLOOR_EXEC,
	 {"close", "openat", "epoll_ctl", "fstatfs", "getdents64", "execve", "rt_sigreturn"}},
	{RUNTIME_RUNC, false, FLOOR_EXEC, {"capget",     "capset",     "chdir",      "close",
					   "epoll_ctl",  "execve",     "faccessat2", "fchown",
					   "fcntl",      "fstat",      "fstatfs",    "getcwd",
					   "getdents64", "newfstatat", "openat",     "prctl",
					   "read",       "setgid",     "setgroups",  "setuid"}},
	{RUNTIME_CRUN, true, FLOOR_START, {"close", "execve"}},
	{RUNTIME_CRUN,
	 false,
	 FLOOR_START,
	 {"close", "execve", "prctl", "setresgid", "setresuid", "capset", "rt_sigprocmask",
	  "rt_sigaction", "write", "pselect6", "read"}},
	{RUNTIME_CRUN, true, FLOOR_EXEC, {"close", "umask", "write", "execve"}},
	{RUNTIME_CRUN,
	 false,
	 FLOOR_EXEC,
	 {"close", "umask", "write", "execve", "openat", "statx", "read", "setgroups", "ioctl",
	  "fchown", "prctl", "setresgid", "setresuid", "capset"}},
};

/*
 * What was not measured, but stands in the lists of others for a runtime's version, or in the runtimes'
 * code; by the first word of a row's source. faccessat2 was seen without no_new_privs alone.
 */
static const struct {
	const char *source;
	enum runtime runtime;
	bool no_new_privs; /* there too */
	unsigned int moments;
	const char *names[SET_MAX];
} listed[] = {
	{"strace", RUNTIME_RUNC, true, FLOOR_START | FLOOR_EXEC, {"faccessat2"}},
	{"lists",
	 RUNTIME_RUNC,
	 true,
	 FLOOR_START | FLOOR_EXEC,
	 {"close_range", "epoll_pwait", "madvise", "mmap", "mprotect", "nanosleep", "openat2",
	  "rt_sigprocmask", "sched_yield", "sigaltstack", "statx"}},
	{"code",
	 RUNTIME_RUNC,
	 true,
	 FLOOR_START | FLOOR_EXEC,
	 {"fcntl", "munmap", "newfstatat", "readlinkat", "tgkill"}},
	{"lists", RUNTIME_RUNC, false, FLOOR_START | FLOOR_EXEC, {"recvfrom"}},
	{"code", RUNTIME_RUNC, false, FLOOR_START | FLOOR_EXEC, {"getuid"}},
	{"code", RUNTIME_CRUN, true, FLOOR_START | FLOOR_EXEC, {"close_range"}},
	{"lists", RUNTIME_CRUN, false, FLOOR_START | FLOOR_EXEC, {"access", "lseek"}},
	{"code", RUNTIME_CRUN, false, FLOOR_START | FLOOR_EXEC, {"chdir", "getcwd"}},
	{"lists", RUNTIME_CRUN, false, FLOOR_START, {"select"}},
	{"code",
	 RUNTIME_YOUKI,
	 true,
	 FLOOR_START | FLOOR_EXEC,
	 {"accept4", "close", "execve", "fstat", "lseek", "newfstatat", "openat", "read",
	  "recvfrom", "sendmsg", "statx", "write"}},
	{"code",
	 RUNTIME_YOUKI,
	 false,
	 FLOOR_START | FLOOR_EXEC,
	 {"capget", "capset", "chdir", "getcwd", "prctl"}},
};

/* Made before the filter, or never: what they open is too much for a floor. */
static const char *const forbidden[] = {
	"bpf",    "clone",   "clone3", "fsmount",    "init_module", "keyctl",  "kexec_load",
	"mknod",  "mknodat", "mount",  "move_mount", "open_tree",   "ptrace",  "pivot_root",
	"reboot", "setns",   "socket", "umount2",    "unshare",     "seccomp",
};

static bool floor_has(enum runtime runtime, bool no_new_privs, unsigned int moments,
		      const char *name)
{
	for (size_t i = 0; i < floor_count; i++)
		if (floor_row_counts(&floor_rows[i], runtime, no_new_privs) &&
		    floor_rows[i].moments & moments && !strcmp(floor_rows[i].name, name))
			return true;
	return false;
}

static bool has_source(const struct floor_row *row, const char *source)
{
	return !strncmp(row->source, source, strlen(source));
}

static bool names_have(const char *const names[SET_MAX], const char *name)
{
	for (size_t i = 0; i < SET_MAX && names[i]; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* Whether a row that was measured holds it: one that was read does not stand in for it. */
static bool measured_has_row(enum runtime runtime, bool no_new_privs, unsigned int moment,
			     const char *name)
{
	for (size_t i = 0; i < floor_count; i++)
		if (floor_row_counts(&floor_rows[i], runtime, no_new_privs) &&
		    floor_rows[i].moments & moment && has_source(&floor_rows[i], "strace") &&
		    !strcmp(floor_rows[i].name, name))
			return true;
	return false;
}

static void test_measured(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(measured); i++) {
		size_t k, missing = 0;

		for (k = 0; k < SET_MAX && measured[i].names[k]; k++)
			if (!measured_has_row(measured[i].runtime, measured[i].no_new_privs,
					      measured[i].moment, measured[i].names[k])) {
				printf("  %s is missing\n", measured[i].names[k]);
				missing++;
			}
		EQ(missing, 0, "%s%s, at %s: all of the %zu calls that were measured",
		   runtime_name(measured[i].runtime),
		   measured[i].no_new_privs ? " with no_new_privs" : "",
		   measured[i].moment == FLOOR_START ? "the start" : "an exec", k);
	}
}

static void test_listed(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(listed); i++) {
		size_t k, missing = 0;

		for (k = 0; k < SET_MAX && listed[i].names[k]; k++) {
			size_t rows = 0;

			for (size_t r = 0; r < floor_count; r++)
				rows += floor_rows[r].runtime == listed[i].runtime &&
					floor_rows[r].with_no_new_privs == listed[i].no_new_privs &&
					floor_rows[r].moments == listed[i].moments &&
					has_source(&floor_rows[r], listed[i].source) &&
					!strcmp(floor_rows[r].name, listed[i].names[k]);
			if (rows != 1) {
				printf("  %s is missing\n", listed[i].names[k]);
				missing++;
			}
		}
		EQ(missing, 0, "%s%s: all of the %zu calls that %s tells of",
		   runtime_name(listed[i].runtime),
		   listed[i].no_new_privs ? " with no_new_privs" : "", k, listed[i].source);
	}
}

/* Whether a measurement or somebody's words are behind the row. */
static bool row_is_known(const struct floor_row *row)
{
	for (size_t i = 0; i < ARRAY_SIZE(measured); i++)
		if (has_source(row, "strace") && measured[i].runtime == row->runtime &&
		    measured[i].no_new_privs == row->with_no_new_privs &&
		    names_have(measured[i].names, row->name))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(listed); i++)
		if (has_source(row, listed[i].source) && listed[i].runtime == row->runtime &&
		    listed[i].no_new_privs == row->with_no_new_privs &&
		    names_have(listed[i].names, row->name))
			return true;
	return false;
}

/* The other way round: no row comes from nowhere. */
static void test_origin(void)
{
	size_t unknown = 0;

	for (size_t i = 0; i < floor_count; i++)
		if (!row_is_known(&floor_rows[i])) {
			printf("  nobody knows of %s\n", floor_rows[i].name);
			unknown++;
		}
	EQ(unknown, 0, "each of the %zu rows was measured or read", floor_count);
}

/* What the files of their code, their versions and libraries let expect beyond what was measured. */
static void test_expected(void)
{
	CHECK(floor_has(RUNTIME_RUNC, true, FLOOR_START, "faccessat2") &&
		      floor_has(RUNTIME_RUNC, false, FLOOR_START, "faccessat2"),
	      "runc always has faccessat2");
	CHECK(floor_has(RUNTIME_RUNC, true, FLOOR_START, "openat2") &&
		      floor_has(RUNTIME_RUNC, true, FLOOR_EXEC, "sigaltstack"),
	      "runc 1.3.3's calls are there");
	CHECK(floor_has(RUNTIME_CRUN, true, FLOOR_START, "close_range"), "so is crun 1.14.1's");
	CHECK(!floor_has(RUNTIME_CRUN, true, ~0u, "setresuid") &&
		      !floor_has(RUNTIME_RUNC, true, ~0u, "setuid"),
	      "with no_new_privs ids are set before the filter");
	CHECK(floor_has(RUNTIME_YOUKI, true, FLOOR_START, "accept4") &&
		      !floor_has(RUNTIME_RUNC, false, ~0u, "accept4"),
	      "youki alone waits at a socket behind its filter");
	CHECK(floor_has(RUNTIME_ANY, false, ~0u, "accept4") &&
		      floor_has(RUNTIME_ANY, false, ~0u, "setresuid") &&
		      floor_has(RUNTIME_ANY, false, ~0u, "setuid"),
	      "any is all of them");
	CHECK(!floor_has(RUNTIME_NONE, false, ~0u, "execve"), "none is none of them");
}

static void test_forbidden(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++)
		CHECK(!floor_has(RUNTIME_ANY, false, ~0u, forbidden[i]), "no floor holds %s",
		      forbidden[i]);
}

static void test_rows(void)
{
	size_t unknown = 0, unresolved = 0, twice = 0, bare = 0, without = 0, i, k;
	uint32_t nr;

	for (i = 0; i < floor_count; i++) {
		const struct floor_row *row = &floor_rows[i];
		/* libseccomp gives pseudo numbers, which are negative, to other ABIs' calls. */
		int number = seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, row->name);

		unknown += !syscall_number(ABI_X86_64, row->name, &nr);
		unresolved += number < 0 || (uint32_t)number != nr;
		bare += strlen(row->source) < 10 || !row->version[0] || !row->moments ||
			row->moments > (FLOOR_START | FLOOR_EXEC);
		without += row->runtime <= RUNTIME_ANY || row->runtime >= RUNTIMES;
		for (k = 0; k < i; k++)
			twice += floor_rows[k].runtime == row->runtime &&
				 floor_rows[k].with_no_new_privs == row->with_no_new_privs &&
				 !strcmp(floor_rows[k].name, row->name);
	}
	CHECK(floor_count > 50, "there are rows");
	EQ(unknown, 0, "each is a call of x86-64");
	EQ(unresolved, 0, "libseccomp agrees on its number");
	EQ(bare, 0, "each has its moments, a version and a source");
	EQ(without, 0, "each is one runtime's");
	EQ(twice, 0, "each stands once");
}

static void test_names(void)
{
	enum runtime found = RUNTIMES;

	for (enum runtime runtime = 0; runtime < RUNTIMES; runtime++)
		CHECK(runtime_from_name(runtime_name(runtime), &found) && found == runtime,
		      "runtime %s by its name", runtime_name(runtime));
	CHECK(!runtime_from_name("runC", &found) && found == RUNTIMES - 1 &&
		      !runtime_name(RUNTIMES),
	      "and no other");
}

int main(void)
{
	test_measured();
	test_listed();
	test_origin();
	test_expected();
	test_forbidden();
	test_rows();
	test_names();
	return test_end();
}
