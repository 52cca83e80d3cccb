/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How complete a recording is, against numbers that were worked out by hand, and the table of what
 * recordings lack against the system calls that there are and the findings that it is made of. It knows
 * no words of the reports.
 */
#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/socket.h>

#include "made.h"
#include "policy/completeness.h"
#include "test.h"

static struct model *model;
static struct completeness of;

static void begin(void)
{
	completeness_drop(&of);
	model_free(model);
	model = model_new();
}

static void run_add(const char *run, const char *started, uint64_t duration_ns)
{
	struct fact header = {.kind = FACT_RECORDING, .run = run};
	struct fact end = {.kind = FACT_END, .run = run};

	header.recording.format = RECORDING_FORMAT;
	header.recording.what = "command";
	header.recording.machine = "x86_64";
	header.recording.started = started;
	header.recording.files = true;
	made_add(model, &header);
	end.end.complete = true;
	end.end.duration_ns = duration_ns;
	made_add(model, &end);
}

/* A call of workload "w" that succeeded. */
static struct fact call_fact(const char *run, const char *name, uint64_t count, uint64_t first_ns)
{
	static const uint16_t ok[] = {0};
	struct fact fact = {.kind = FACT_SYSCALL, .run = run, .workload = "w", .exe = "/bin/w"};

	if (!syscall_number(ABI_X86_64, name, &fact.syscall.nr))
		abort();
	fact.syscall.count = count;
	fact.syscall.first_ns = first_ns;
	fact.syscall.has_errnos = true;
	fact.syscall.errnos = (struct errno_set){ok, 1};
	return fact;
}

static void call_add(const char *run, const char *name, uint64_t count, uint64_t first_ns)
{
	struct fact fact = call_fact(run, name, count, first_ns);

	made_add(model, &fact);
}

static void make(const char *workload)
{
	model_seal(model);
	completeness_make(model, workload, &of);
}

/* ---- one run ---------------------------------------------------------------------------------- */

static void test_saturation(void)
{
	static const char *const names[] = {"execve", "brk",   "mmap",   "openat", "read",
					    "close",  "fstat", "munmap", "write",  "exit_group"};
	const struct sample *sample;
	struct fact fact;
	size_t i;

	begin();
	run_add("r", NULL, 2100);
	for (i = 0; i < 10; i++)
		call_add("r", names[i], i < 3 ? 1 : i < 5 ? 2 : 9, 100 + i * 100);
	/* The same call by somebody else: earlier, and not twice. */
	fact = call_fact("r", "write", 1, 150);
	fact.exe = "/bin/z";
	made_add(model, &fact);
	fact = call_fact("r", "mount", 1, 0); /* the runtime's */
	fact.phase = PHASE_SETUP;
	made_add(model, &fact);
	fact = call_fact("r", "bpf", 1, 0); /* somebody else's */
	fact.workload = "v";
	made_add(model, &fact);
	make("w");
	EQ(of.sample_count, 1, "one run is one sample");
	EQ(of.call_count, 10, "the application's calls of this workload");
	sample = of.samples;
	EQ(sample->calls, 10, "all of them are the sample's");
	EQ(sample->fresh, 10, "and new");
	EQ(sample->once, 3, "made once");
	EQ(sample->twice, 2, "made twice");
	/* since the first call, at 100: 0 50 100 200 300 400 500 600 700 900 */
	EQ(sample->seen_ns[0], 300, "half of them had been seen then");
	EQ(sample->seen_ns[1], 700, "90 %%");
	EQ(sample->seen_ns[2], 900, "99 %% of ten are ten");
	EQ(sample->seen_ns[3], 900, "all");
	EQ(sample->length_ns, 2000, "from the first call to the run's end");
	CHECK(completeness_unseen(&of) == 0 && completeness_next(&of) == 0,
	      "one run tells nothing about others");
}

static void test_cut_short(void)
{
	begin();
	call_add("r", "read", 1, 5);
	make("w");
	EQ(of.samples->length_ns, 0, "a run without an end has no length");
	CHECK(!of.samples->header, "nor has this one a header");
	begin();
	make("w");
	EQ(of.sample_count, 0, "nothing was recorded: no sample");
}

/* ---- several ---------------------------------------------------------------------------------- */

/* Five runs: read in all; futex in two, mremap and kill in one each. */
static void runs_make(bool backwards)
{
	static const char *const runs[] = {"e", "d", "c", "b", "a"};
	static const char *const started[] = {"1", "2", "3", "4", "5"};
	size_t k;

	begin();
	for (k = 0; k < 5; k++) {
		size_t i = backwards ? 4 - k : k;

		run_add(runs[i], started[i], 100);
		if (i == 0 || i == 3)
			call_add(runs[i], "futex", 1, 2);
		call_add(runs[i], "read", 7, 1);
		if (i == 1)
			call_add(runs[i], "mremap", 1, 3);
		if (i == 3)
			call_add(runs[i], "kill", 1, 4);
	}
	make("w");
}

static void test_agreement(void)
{
	for (int backwards = 0; backwards < 2; backwards++) {
		const char *order = backwards ? "added backwards" : "added in order";

		runs_make(backwards);
		EQ(of.sample_count, 5, "five samples, %s", order);
		EQ(of.call_count, 4, "four calls, %s", order);
		EQ(completeness_shared(&of, 5), 1, "all made one of them, %s", order);
		EQ(completeness_shared(&of, 2), 1, "two another, %s", order);
		EQ(completeness_shared(&of, 1), 2, "one two more, %s", order);
		EQ_STR(of.calls[0].name, "kill", "the rarest comes first, %s", order);
		EQ_STR(of.calls[3].name, "read", "the one of all last, %s", order);
		EQ_STR(of.samples[0].run, "e", "the run that began first is the first, %s", order);
		EQ(of.samples[0].fresh, 2, "it has two calls, %s", order);
		EQ(of.samples[1].fresh, 1, "the second brings one more, %s", order);
		EQ(of.samples[2].fresh, 0, "the third none, %s", order);
		EQ(of.samples[3].fresh, 1, "the fourth one, %s", order);
		/* 4/5 * 2 * 1 / (2 * 2) */
		EQ(completeness_unseen(&of) * 1000 + 0.5, 400, "Chao2, %s", order);
		EQ(completeness_next(&of) * 1000 + 0.5, 400, "two fifths of a call, %s", order);
	}
}

static void test_instances(void)
{
	struct fact fact;

	begin();
	run_add("r", NULL, 100);
	call_add("r", "read", 1, 0);
	fact = call_fact("r", "read", 1, 10);
	fact.workload = "w#2";
	made_add(model, &fact);
	fact = call_fact("r", "write", 1, 11);
	fact.workload = "w#2";
	made_add(model, &fact);
	fact = call_fact("r", "read", 1, 0);
	fact.syscall.abi = ABI_I386; /* restart_syscall: the same number, another call */
	made_add(model, &fact);
	make("w");
	EQ(of.sample_count, 2, "instances of one run are samples of their own");
	EQ(of.call_count, 3, "a number is another call in another ABI");
	EQ(completeness_shared(&of, 2), 1, "both made read");
	EQ(of.samples[1].seen_ns[3], 1, "an instance's time begins with its first call");
	CHECK(of.abi == ABI_X86_64, "most calls are of this ABI");
}

static void test_abundance(void)
{
	struct abundance abundance;
	struct fact fact;
	size_t i;
	static const struct {
		const char *name;
		uint64_t count;
	} rows[] = {{"read", 994}, {"write", 2}, {"kill", 1}, {"mremap", 1}, {"futex", 1}};

	runs_make(false);
	completeness_abundance(&of, &abundance);
	EQ(abundance.total, 0, "without the serving mark counts tell nothing");
	begin();
	call_add("r", "execve", 1, 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		fact = call_fact("r", rows[i].name, rows[i].count, 5);
		fact.phase = PHASE_SERVING;
		made_add(model, &fact);
	}
	fact = call_fact("r", "read", 1, 0); /* before it */
	made_add(model, &fact);
	make("w");
	completeness_abundance(&of, &abundance);
	EQ(abundance.total, 999, "calls while serving");
	EQ(abundance.calls, 5, "of five kinds");
	EQ(abundance.once, 3, "three of them once");
	EQ(abundance.twice, 1, "one of them twice");
	/* 998/999 * 3 * 2 / (2 * 2) */
	EQ(abundance.unseen * 1000, 1498, "Chao1");
	EQ(abundance.next * 999 + 0.5, 3, "Good-Turing: three in 999");
}

/* ---- what it lacks ---------------------------------------------------------------------------- */

static const struct names nothing;

static bool lacks_of(const char *what, const struct names *allowed)
{
	_cleanup_free_ const struct rare_path **list = NULL;
	size_t count = completeness_lacks(&of, allowed, &list), i;

	for (i = 0; i < count; i++)
		if (!strcmp(list[i]->what, what))
			return true;
	return false;
}

static bool lacks(const char *what)
{
	_cleanup_names_ struct names allowed = {};

	completeness_allowed(&of, &allowed);
	return lacks_of(what, &allowed);
}

static void test_plain(void)
{
	_cleanup_free_ const struct rare_path **list = NULL;
	_cleanup_names_ struct names allowed = {};

	begin();
	call_add("r", "execve", 1, 0);
	call_add("r", "rt_sigaction", 1, 0);
	call_add("r", "futex", 1, 0);
	call_add("r", "connect", 1, 0);
	made_add(model, &(struct fact){.kind = FACT_SOCKET,
				       .run = "r",
				       .workload = "w",
				       .socket = {.family = AF_UNIX, .type = 1}});
	make("w");
	completeness_allowed(&of, &allowed);
	EQ(completeness_lacks(&of, &allowed, &list), 0, "a plain command lacks nothing");
	CHECK(lacks_of("signal handlers", &nothing) && lacks_of("stop and continue", &nothing),
	      "but where what every profile needs is left out");
	CHECK(!lacks_of("host names", &nothing), "unix sockets need no names of hosts");
}

static void file_add(const char *path, uint32_t perms)
{
	made_add(model, &(struct fact){.kind = FACT_FILE,
				       .run = "r",
				       .workload = "w",
				       .file = {.path = path, .perms = perms}});
}

static void test_server(void)
{
	static const uint16_t full[] = {0, EMFILE};
	struct names allowed = {};
	struct fact fact;

	begin();
	call_add("r", "listen", 1, 0);
	call_add("r", "accept4", 1, 0);
	make("w");
	CHECK(lacks("reload") && lacks("graceful stop") && lacks("load") && lacks("failures"),
	      "a server is to reload, to end, to work, to fail");
	CHECK(!lacks("log rotation") && !lacks("growth"), "without files it keeps none");
	names_add(&allowed, "mremap");
	CHECK(lacks_of("reload", &allowed), "a profile that allows other calls is no help");
	names_drop(&allowed);

	begin();
	call_add("r", "listen", 1, 0);
	call_add("r", "kill", 1, 0);
	call_add("r", "clone", 1, 0);
	fact = call_fact("r", "accept4", 1, 0);
	fact.syscall.errnos = (struct errno_set){full, 2};
	made_add(model, &fact);
	file_add("/var/log/w", PERM_WRITE | PERM_APPEND);
	file_add("/dev/null", PERM_WRITE);
	make("w");
	CHECK(!lacks("reload") && !lacks("load") && !lacks("failures"),
	      "what there is a sign of is not told");
	CHECK(lacks("graceful stop"), "the rest is");
	CHECK(lacks("log rotation") && lacks("local time"), "it keeps a log");
	CHECK(!lacks("growth"), "/dev/null is no file that it keeps");

	begin();
	call_add("r", "accept", 1, 0);
	fact = call_fact("r", "read", 1, 0);
	fact.syscall.has_errnos = false;
	fact.syscall.errnos = (struct errno_set){};
	made_add(model, &fact);
	file_add("/var/lib/w", PERM_WRITE);
	make("w");
	CHECK(!lacks("failures"), "where results are not known, failures are not either");
	CHECK(lacks("growth") && lacks("clean-up") && !lacks("log rotation"), "it keeps files");
}

static void test_client(void)
{
	begin();
	call_add("r", "connect", 1, 0);
	made_add(model, &(struct fact){.kind = FACT_SOCKET,
				       .run = "r",
				       .workload = "w",
				       .socket = {.family = AF_INET6, .type = 1}});
	make("w");
	CHECK(lacks("host names"), "a client that never looked a name up");
	CHECK(!lacks("reload"), "is no server");
}

/* ---- the table -------------------------------------------------------------------------------- */

static bool is_call(const char *name)
{
	int nr = seccomp_syscall_resolve_name(name);

	return syscall_is_known(name) && nr != __NR_SCMP_ERROR;
}

static bool row_has(const char *what, const char *name)
{
	for (size_t i = 0; i < rare_path_count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(rare_paths[i].calls) && rare_paths[i].calls[k];
		     k++)
			if (!strcmp(rare_paths[i].what, what) &&
			    !strcmp(rare_paths[i].calls[k], name))
				return true;
	return false;
}

/* Of an array of `room`: names of calls, each of them once, in order. */
static void names_check(const char *const *list, size_t room, const char *what)
{
	size_t i;

	for (i = 0; i < room && list[i]; i++) {
		CHECK(is_call(list[i]), "%s: %s is a call", what, list[i]);
		CHECK(!i || strcmp(list[i - 1], list[i]) < 0, "%s: %s is in its place", what,
		      list[i]);
	}
}

static void test_table(void)
{
	size_t i, k;

	for (i = 0; i < rare_path_count; i++) {
		const struct rare_path *path = &rare_paths[i];

		names_check(path->signs, ARRAY_SIZE(path->signs), path->what);
		names_check(path->calls, ARRAY_SIZE(path->calls), path->what);
		CHECK(path->signs[0] || path->errnos[0], "%s has a sign", path->what);
		CHECK(path->calls[0] && path->happens && path->provoke && path->source,
		      "%s says what it is, how to provoke it, and who says so", path->what);
		for (k = 0; k < ARRAY_SIZE(path->errnos); k++)
			CHECK(!path->errnos[k] || errno_name(path->errnos[k]),
			      "%s: %u is an error, or none", path->what, path->errnos[k]);
		for (k = 0; k < i; k++)
			CHECK(strcmp(rare_paths[k].what, path->what) != 0, "%s stands once",
			      path->what);
	}
}

static void test_findings(void)
{
	static const struct {
		const char *what;
		const char *names[8];
	} findings[] = {
		/* Optimus, table 1 */
		{"reload", {"lstat", "umask", "getpgrp", "kill"}},
		{"reload", {"dup2", "sysinfo", "getpgrp", "kill", "tgkill"}},
		{"clean-up", {"unlink"}},
		{"growth", {"mremap"}},
		/* strace of nginx 1.22.1: what HUP and QUIT add */
		{"reload", {"clock_nanosleep", "exit_group", "rt_sigreturn", "wait4"}},
		{"graceful stop", {"unlink"}},
		/* strace of runc 1.1.5: what only some of 25 runs made */
		{"pre-emption", {"futex", "rt_sigreturn"}},
	};
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(findings); i++)
		for (k = 0; k < 8 && findings[i].names[k]; k++)
			CHECK(row_has(findings[i].what, findings[i].names[k]), "%s needs %s",
			      findings[i].what, findings[i].names[k]);
}

int main(void)
{
	test_saturation();
	test_cut_short();
	test_agreement();
	test_instances();
	test_abundance();
	test_plain();
	test_server();
	test_client();
	test_table();
	test_findings();
	completeness_drop(&of);
	model_free(model);
	return test_end();
}
