/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which facts count: workloads and their instances, containers and what is none, phases and their
 * sums; and why a name is in a profile. It knows no format.
 */
#include <stdlib.h>

#include "emit/emit.h"
#include "model/text.h"
#include "policy/policy.h"
#include "test.h"

#define RUN "aaaaaaaaaaaaaaaa"

static struct model *model;

static void add(const struct fact *fact)
{
	struct err err;

	if (model_add(model, fact, &err))
		abort();
}

static void call(const char *workload, enum phase phase, const char *name)
{
	struct fact fact = {.kind = FACT_SYSCALL, .run = RUN, .workload = workload, .phase = phase};

	fact.exe = phase == PHASE_SETUP || phase == PHASE_RUNTIME ? "/bin/runc" : "/bin/app";
	if (!syscall_number(ABI_X86_64, name, &fact.syscall.nr))
		abort();
	fact.syscall.count = 1u << phase;
	add(&fact);
}

static void denied(const char *workload, enum phase phase, const char *name)
{
	struct fact fact = {.kind = FACT_DENIED, .run = RUN, .workload = workload, .phase = phase};

	if (!syscall_number(ABI_X86_64, name, &fact.denied.nr))
		abort();
	fact.denied.count = 1;
	add(&fact);
}

static void workload(const char *name, const char *engine)
{
	struct fact fact = {.kind = FACT_WORKLOAD, .run = RUN, .workload = name};

	fact.workload_.scope = "cgroup";
	fact.workload_.engine = engine;
	add(&fact);
}

static void model_again(void)
{
	model_free(model);
	model = model_new();
}

static void test_groups(void)
{
	static const struct {
		const char *workload;
		size_t group;
	} rows[] = {
		{"web", 3},    {"web#2", 3},    {"web#10", 3}, {"web#1", 5}, {"web#0", 5},
		{"web#02", 6}, {"web#", 4},     {"web#2x", 6}, {"#2", 2},    {"a#2#3", 3},
		{"/a#2/b", 6}, {"ns/p/c#3", 6}, {"", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EQ(workload_group(rows[i].workload), rows[i].group, "the group of \"%s\"",
		   rows[i].workload);
	CHECK(workload_matches("web", "web") && workload_matches("web#2", "web"),
	      "who asks for web means all of it");
	CHECK(workload_matches("web#2", "web#2") && !workload_matches("web", "web#2") &&
		      !workload_matches("web#3", "web#2"),
	      "who asks for one instance means that");
	CHECK(!workload_matches("web2", "web") && !workload_matches("web#x", "web") &&
		      !workload_matches("we", "web"),
	      "other names are others");
}

/* A name from outside that ends as instances do: the recorder escapes its '#'. */
static void test_escaped(void)
{
	static const char name[] = "web\\0432";
	_cleanup_free_ char *bytes = text_unescape(name, NULL), *shown = text_printable(name);
	_cleanup_groups_ struct groups groups = {};

	EQ_STR(bytes, "web#2", "\\043 is an escape as others are");
	EQ_STR(shown, name, "... and shown as one, for web#2 is somebody else");
	EQ(workload_group(name), strlen(name), "it is no instance");
	CHECK(!workload_matches(name, "web") && !workload_matches(name, "web#2") &&
		      workload_matches(name, name),
	      "it is in nobody's group, and chosen as it is shown");
	call("web", PHASE_START, "read");
	call(name, PHASE_START, "write");
	call("web\\0432#2", PHASE_START, "write");
	model_seal(model);
	groups_list(model, &groups);
	if (EQ(groups.count, 2, "it is a group of its own")) {
		EQ_STR(groups.list[0], "web", "... beside that whose name it bears");
		EQ_STR(groups.list[1], name, "... with instances of its own");
	}
	model_again();
}

static void test_choice(void)
{
	struct emit_options options = {};
	_cleanup_groups_ struct groups groups = {};
	struct err err = {};
	char *chosen = NULL;

	call("web#2", PHASE_START, "read");
	call("web!x", PHASE_START, "read");
	call("web", PHASE_START, "read");
	call("web#3", PHASE_START, "read");
	call("db#2", PHASE_START, "read");
	model_seal(model);
	groups_list(model, &groups);
	if (EQ(groups.count, 3, "instances are no groups of their own")) {
		EQ_STR(groups.list[0], "db", "a group may lack its first instance");
		EQ_STR(groups.list[1], "web", "groups are sorted, each once");
		EQ_STR(groups.list[2], "web!x", "though their names lie apart");
	}
	CHECK(workload_choose(model, &options, &chosen, &err) < 0 &&
		      strstr(err.text, "(db, web, web!x)"),
	      "several groups: %s", err.text);
	options.workload = "db";
	EQ(workload_choose(model, &options, &chosen, &err), 0, "a group by its name");
	free(chosen);
	options.workload = "web#4";
	CHECK(workload_choose(model, &options, &chosen, &err) < 0 && strstr(err.text, "web#3"),
	      "no such instance: %s", err.text);
	model_again();
	call("web#2", PHASE_START, "read");
	call("web", PHASE_START, "read");
	model_seal(model);
	options.workload = NULL;
	if (EQ(workload_choose(model, &options, &chosen, &err), 0, "one group needs no choice"))
		EQ_STR(chosen, "web", "it is called as its first instance");
	free(chosen);
	model_again();
}

static void test_containers(void)
{
	workload("web", "docker");
	workload("web#2", NULL);
	workload("db", NULL);
	workload("nginx.service", "unit");
	model_seal(model);
	CHECK(workload_container(model, "web") && !workload_container(model, "web#2"),
	      "what has an engine is a container");
	CHECK(!workload_container(model, "db") && !workload_container(model, "nginx.service"),
	      "commands, cgroups and units are none");
	CHECK(workload_container(model, NULL), "among all there is one");
	model_again();
}

static uint64_t summed(unsigned int phases, size_t *ret_calls)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), at = 0;
	struct call one;
	uint64_t sum = 0;

	for (*ret_calls = 0; call_next(facts, count, &at, phases, &one); ++*ret_calls)
		sum += one.count;
	return sum;
}

static void test_sums(void)
{
	static const char *const names[] = {"read", "close", "openat"};
	const struct fact *facts;
	enum phase phase;
	size_t calls, i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		for (phase = 0; phase < PHASES; phase++)
			call("w", phase, names[i]);
	call("w", PHASE_SETUP, "mount");
	model_seal(model);
	EQ(summed(PHASES_ALL, &calls), 3 * 15 + 4, "all phases: every fact once");
	EQ(calls, 4, "and every call");
	EQ(summed(PHASES_APPLICATION, &calls), 3 * 3, "the application's: start and serving");
	EQ(calls, 3, "without what the runtime alone called");
	EQ(summed(PHASES_JUDGED, &calls), 3 * 11, "what the filter judges: and the runtime's end");
	EQ(calls, 3, "and no call twice");
	EQ(summed(PHASE_BIT(PHASE_SETUP), &calls), 4 * 4, "one phase alone");
	model_facts(model, FACT_SYSCALL, &facts);
	CHECK(facts[0].phase == PHASE_SETUP && facts[1].phase == PHASE_RUNTIME &&
		      facts[2].phase == PHASE_START && facts[3].phase == PHASE_SERVING,
	      "the facts of a call stand as time went");
	model_again();
}

/* The names of a reason, joined; of all where reason is REASONS. */
static const char *allowed(const struct emit_options *options, enum reason reason)
{
	static char text[4096];
	_cleanup_policy_ struct policy policy = {};

	policy_gather(model, options, "w", &policy);
	*text = '\0';
	for (size_t i = 0; i < policy.rule_count; i++) {
		if (reason != REASONS && policy.rules[i].reason != reason)
			continue;
		strcat(text, *text ? " " : "");
		strcat(text, policy.rules[i].name);
	}
	return text;
}

static void container_make(const char *engine)
{
	model_again();
	workload("w", engine);
	call("w", PHASE_SETUP, "mount");
	call("w", PHASE_RUNTIME, "capset");
	call("w", PHASE_RUNTIME, "read");
	call("w", PHASE_RUNTIME, "setuid");
	call("w", PHASE_START, "read");
	call("w", PHASE_START, "futex");
	call("w", PHASE_SERVING, "accept4");
	denied("w", PHASE_SETUP, "keyctl");
	denied("w", PHASE_RUNTIME, "bpf");
	denied("w", PHASE_SERVING, "mkdir");
	denied("w", PHASE_SERVING, "read");
	call("other", PHASE_START, "reboot");
	model_seal(model);
}

static void test_reasons(void)
{
	struct emit_options options = {.exact = true};

	container_make("podman");
	EQ_STR(allowed(&options, REASONS), "accept4 capset futex read setuid",
	       "exact: what was observed where a filter judges it, and no more");
	EQ_STR(allowed(&options, REASON_OBSERVED), "accept4 futex read", "the application's");
	EQ_STR(allowed(&options, REASON_RUNTIME), "capset setuid",
	       "what the runtime alone called is told apart");
	options.runtime = RUNTIME_NONE;
	EQ_STR(allowed(&options, REASONS), "accept4 futex read", "no runtime: not that either");
	options = (struct emit_options){.exact = true, .phase_serving = true};
	EQ_STR(allowed(&options, REASONS), "accept4", "serving: what was called then");
	options.include_denied = true;
	EQ_STR(allowed(&options, REASONS), "accept4 mkdir read", "and denied then");
	options = (struct emit_options){.exact = true, .include_denied = true};
	EQ_STR(allowed(&options, REASON_DENIED), "bpf mkdir",
	       "denied calls that are not in anyway, but not what was no filter's business");

	options = (struct emit_options){.no_always = true, .runtime = RUNTIME_CRUN};
	EQ_STR(allowed(&options, REASON_FLOOR),
	       "access chdir close close_range execve fchown getcwd ioctl lseek openat prctl "
	       "pselect6 rt_sigaction rt_sigprocmask select setgroups setresgid setresuid statx "
	       "umask write",
	       "a runtime's floor, without what was observed");
	options.no_new_privs = true;
	EQ_STR(allowed(&options, REASON_FLOOR), "close close_range execve umask write",
	       "the smaller one");
	options = (struct emit_options){.phase_serving = true};
	EQ_STR(allowed(&options, REASON_FLOOR), "", "serving needs no floor");
}

static void test_defaults(void)
{
	struct emit_options options = {};

	container_make("podman");
	CHECK(strstr(allowed(&options, REASON_FLOOR), "accept4") == NULL &&
		      strstr(allowed(&options, REASON_FLOOR), "openat2") &&
		      strstr(allowed(&options, REASON_FLOOR), "setresuid"),
	      "a container has any runtime's floor");
	EQ(policy_runtime(model, &options, "w"), RUNTIME_ANY, "which is said");
	CHECK(strstr(allowed(&options, REASON_ALWAYS), "rt_sigreturn") &&
		      !strstr(allowed(&options, REASON_FLOOR), "rt_sigreturn") &&
		      !strstr(allowed(&options, REASON_ALWAYS), "futex"),
	      "a name has one reason, the first");
	container_make("unit");
	EQ_STR(allowed(&options, REASON_FLOOR), "", "a unit has none");
	EQ_STR(allowed(&options, REASON_RUNTIME), "capset setuid",
	       "what was seen behind a filter stays");
	container_make(NULL);
	EQ_STR(allowed(&options, REASON_FLOOR), "", "nor has a cgroup or a command");
	options.runtime = RUNTIME_RUNC;
	CHECK(strstr(allowed(&options, REASON_FLOOR), "getppid"), "unless it is asked for");
	model_again();
}

/* The last line of what is said about a call. */
static const char *verdict(const struct emit_options *options, const char *name)
{
	static char text[4096];
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct err err = {};
	bool in;

	if (!out || explain_emit(model, options, name, out, &in, &err))
		abort();
	fclose(out);
	text[strlen(text) - 1] = '\0'; /* its newline */
	return strrchr(text, '\n') ? strrchr(text, '\n') + 1 : text;
}

static void test_verdicts(void)
{
	struct emit_options options = {.workload = "w", .exact = true};

	container_make("podman");
	EQ_STR(verdict(&options, "mount"),
	       "not in the profile: called only by the container's runtime, where no filter judges "
	       "it",
	       "before the filter nothing is judged");
	EQ_STR(verdict(&options, "capset"),
	       "in the profile: observed between the filter and the application's execve",
	       "behind it everything is");
	options.runtime = RUNTIME_NONE;
	EQ_STR(verdict(&options, "capset"),
	       "not in the profile: called only by the container's runtime, which --runtime none "
	       "leaves out",
	       "... and is said to be, where the runtime is left out");
	EQ_STR(verdict(&options, "read"), "in the profile: observed", "the application's stays");
	EQ_STR(verdict(&options, "reboot"), "not in the profile: not called, and nothing adds it",
	       "what others called counts for nothing");
	model_again();
}

int main(void)
{
	model = model_new();
	test_groups();
	test_escaped();
	test_choice();
	test_containers();
	test_sums();
	test_reasons();
	test_defaults();
	test_verdicts();
	model_free(model);
	return test_end();
}
