/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The seccomp profile, and the reader of such profiles: what is in, what is told, and that the one
 * compiles what the other wrote. The filters are interpreted here, not loaded: no root, no kernel.
 */
#include <errno.h>
#include <linux/audit.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>

#include "emit/emit.h"
#include "profile/filter_answer.h"
#include "policy/policy.h"
#include "policy/summary.h"
#include "profile/filter.h"
#include "test.h"

static char warnings[8192];

static void warn(void *ctx, const char *format, ...)
{
	size_t used = strlen(warnings);
	va_list args;

	(void)ctx;
	va_start(args, format);
	vsnprintf(warnings + used, sizeof(warnings) - used, format, args);
	va_end(args);
	used = strlen(warnings);
	snprintf(warnings + used, sizeof(warnings) - used, "\n");
}

#define RUN "aaaaaaaaaaaaaaaa"

static struct model *calls;
static struct policy policy;

static void call(const char *workload, enum abi abi, uint32_t nr, uint32_t sub, uint16_t code)
{
	struct fact fact = {.kind = FACT_SYSCALL, .run = RUN, .workload = workload};
	struct err err;

	fact.syscall.abi = abi;
	fact.syscall.nr = nr;
	fact.syscall.sub = sub;
	fact.syscall.count = 1;
	fact.syscall.has_errnos = true;
	fact.syscall.errnos = (struct errno_set){&code, 1};
	if (model_add(calls, &fact, &err))
		abort();
}

static void header(const char *machine)
{
	struct fact fact = {.kind = FACT_RECORDING, .run = RUN};
	struct err err;

	fact.recording.format = RECORDING_FORMAT;
	fact.recording.what = "command";
	fact.recording.machine = machine;
	if (model_add(calls, &fact, &err))
		abort();
}

/* Seals `calls`, emits, and starts a new one. NULL and err where it fails. The caller frees it. */
static char *emitted(bool always, const char *workload, struct err *err)
{
	struct emit_options options = {.exact = !always, .workload = workload, .warn = warn};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int code;

	warnings[0] = '\0';
	model_seal(calls);
	code = policy_make(calls, &options, &policy, err);
	if (!code)
		code = seccomp_emit(&policy, &options, out, err);
	policy_drop(&policy);
	fclose(out);
	model_free(calls);
	calls = model_new();
	if (!code)
		return text;
	free(text);
	return NULL;
}

/* ---- what a filter answers ------------------------------------------------------------------ */

static bool allows(const struct filter *filter, uint32_t arch, uint32_t nr, uint64_t first)
{
	struct seccomp_data data = {.nr = (int)nr, .arch = arch, .args = {first}};

	return filter_answer(filter, &data) == SECCOMP_RET_ALLOW;
}

static uint32_t answers(const struct filter *filter, uint32_t arch, uint32_t nr)
{
	struct seccomp_data data = {.nr = (int)nr, .arch = arch};

	return filter_answer(filter, &data);
}

/* ---- what is written ---------------------------------------------------------------------- */

static void test_emit(void)
{
	struct err err = {};
	char *text;

	header("x86_64");
	call("w", ABI_X86_64, 257, 0, 0);
	call("w", ABI_X86_64, 0, 0, 0);
	text = emitted(false, NULL, &err);
	EQ_STR(text,
	       "{\n\t\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\t\"defaultErrnoRet\": 38,\n"
	       "\t\"architectures\": [\n\t\t\"SCMP_ARCH_X86_64\"\n\t],\n\t\"syscalls\": [\n\t\t{\n"
	       "\t\t\t\"names\": [\n\t\t\t\t\"openat\",\n\t\t\t\t\"read\"\n\t\t\t],\n"
	       "\t\t\t\"action\": \"SCMP_ACT_ALLOW\"\n\t\t}\n\t]\n}\n",
	       "the exact profile, a name a line");
	free(text);

	header("x86_64");
	call("w", ABI_X86_64, 0, 0, 0);
	text = emitted(true, NULL, &err);
	CHECK(text && strstr(text, "\"rt_sigreturn\""), "always: what every program may need");
	CHECK(text && !strstr(text, "\"sigreturn\""), "always: i386's only where i386 was seen");
	free(text);

	header("x86_64");
	call("w", ABI_I386, 102, 1, 0);
	call("w", ABI_I386, 117, 99, 0);
	call("w", ABI_X86_64, 0, 0, 0);
	text = emitted(true, NULL, &err);
	CHECK(text && strstr(text, "\"SCMP_ARCH_X86_64\",\n\t\t\"SCMP_ARCH_X86\""),
	      "the native ABI is first");
	CHECK(text && strstr(text, "\"socket\"") && !strstr(text, "\"socketcall\""),
	      "socketcall(1) is socket");
	CHECK(text && strstr(text, "\"ipc\""), "an unknown sub-call is the multiplexer");
	CHECK(text && strstr(text, "\"sigreturn\""), "always: i386's where i386 was seen");
	free(text);

	header("x86_64");
	call("w", ABI_X86_64, 0, 0, ENOSYS);
	call("w", ABI_X86_64, 4000000000u, 0, ENOSYS);
	text = emitted(false, NULL, &err);
	CHECK(text && strstr(text, "\"read\""), "calls that only ever met ENOSYS are in");
	CHECK(strstr(warnings, "x86_64 system call 4000000000 has no name") &&
		      strstr(warnings, "ENOSYS"),
	      "numbers without a name are told: %s", warnings);
	free(text);

	header("x86_64");
	call("w", ABI_X86_64, 0, 0, 0);
	call("w", ABI_X32, 4000000000u, 0, ENOSYS);
	call("w", ABI_I386, 4000000000u, 0, ENOSYS);
	text = emitted(true, NULL, &err);
	CHECK(text && !strstr(text, "\"SCMP_ARCH_X32\"") && !strstr(text, "\"SCMP_ARCH_X86\"") &&
		      !strstr(text, "\"sigreturn\""),
	      "no ABI is opened for a number without a name");
	CHECK(strstr(warnings, "x32 system call 4000000000"), "which is told all the same");
	free(text);
}

static void test_choice(void)
{
	struct err err = {};
	char *text;

	call("a", ABI_X86_64, 0, 0, 0);
	call("b", ABI_X86_64, 1, 0, 0);
	text = emitted(false, NULL, &err);
	CHECK(!text && strstr(err.text, "(a, b)") && strstr(err.text, "--workload"),
	      "several workloads: %s", err.text);
	call("a", ABI_X86_64, 0, 0, 0);
	call("b", ABI_X86_64, 1, 0, 0);
	text = emitted(false, "b", &err);
	CHECK(text && strstr(text, "\"write\"") && !strstr(text, "\"read\""), "one of them");
	free(text);
	call("a", ABI_X86_64, 0, 0, 0);
	CHECK(!emitted(false, "c", &err) && strstr(err.text, "no workload \"c\""), "no such: %s",
	      err.text);
	CHECK(!emitted(false, NULL, &err), "an empty model: %s", err.text);
	call("a", ABI_X86_64, 4000000000u, 0, 0);
	CHECK(!emitted(true, NULL, &err), "nothing with a name: %s", err.text);
}

static void test_summary(void)
{
	struct emit_options options = {.families = FAMILIES_NONE};
	struct seccomp_summary summary;
	struct err err;

	call("w", ABI_X86_64, 0, 0, 0);
	call("w", ABI_X86_64, 231, 0, 0);
	call("w", ABI_X86_64, 4000000000u, 0, 0);
	model_seal(calls);
	policy_drop(&policy);
	policy_make(calls, &options, &policy, &err);
	seccomp_summarise(&policy, &summary);
	EQ(summary.observed, 2, "summary: names observed");
	EQ(summary.added, always_count - 1, "summary: names added, exit_group was observed");
	CHECK(summary.has_docker, "summary: x86-64 alone compares with Docker's default");
	EQ(summary.beyond_docker.count, 0, "summary: Docker allows all of these");
	EQ(summary.always.count, summary.added, "summary: all that was added is needed always");
	seccomp_summary_drop(&summary);
	model_free(calls);
	calls = model_new();

	call("w", ABI_X86_64, 169, 0, 0); /* reboot */
	model_seal(calls);
	policy_drop(&policy);
	policy_make(calls, &options, &policy, &err);
	seccomp_summarise(&policy, &summary);
	if (EQ(summary.beyond_docker.count, 1, "summary: and not this one"))
		EQ_STR(summary.beyond_docker.list[0], "reboot", "summary: which has a name");
	seccomp_summary_drop(&summary);
	model_free(calls);
	calls = model_new();

	call("w", ABI_X86_64, 0, 0, 0);
	call("w", ABI_I386, 119, 0, 0); /* sigreturn */
	model_seal(calls);
	policy_drop(&policy);
	policy_make(calls, &options, &policy, &err);
	seccomp_summarise(&policy, &summary);
	CHECK(!summary.has_docker, "summary: i386 beside it does not");
	seccomp_summary_drop(&summary);
	policy_drop(&policy);
	model_free(calls);
	calls = model_new();
}

static void running(void)
{
	struct fact fact = {.kind = FACT_NOTE, .run = RUN};
	struct err err;

	fact.note.what = "already-running";
	fact.note.text = "It ran.";
	if (model_add(calls, &fact, &err))
		abort();
}

static void container(const char *workload)
{
	struct fact fact = {.kind = FACT_WORKLOAD, .run = RUN, .workload = workload};
	struct err err;

	fact.workload_.scope = "cgroup";
	fact.workload_.engine = "docker";
	if (model_add(calls, &fact, &err))
		abort();
}

/* What never started in the recording cannot start under the profile. */
static void test_start_warning(void)
{
	const char *words = "execve is not in the profile";
	struct err err = {};

	call("w", ABI_X86_64, 0, 0, 0);
	free(emitted(true, NULL, &err));
	CHECK(!strstr(warnings, words), "no word where all of it was recorded");
	running();
	call("w", ABI_X86_64, 0, 0, 0);
	free(emitted(true, NULL, &err));
	CHECK(strstr(warnings, words), "one where it ran already");
	running();
	call("w", ABI_X86_64, 0, 0, 0);
	call("w", ABI_X86_64, 322, 0, 0);
	free(emitted(true, NULL, &err));
	CHECK(!strstr(warnings, words), "none where execveat was seen");
	running();
	container("w");
	call("w", ABI_X86_64, 0, 0, 0);
	free(emitted(false, NULL, &err));
	CHECK(strstr(warnings, words), "one where the exact profile of a container lacks it");
	running();
	container("w");
	call("w", ABI_X86_64, 0, 0, 0);
	free(emitted(true, NULL, &err));
	CHECK(!strstr(warnings, words), "none where the runtime's floor has it");
}

static void denied(const char *workload, uint32_t nr, uint32_t errnum)
{
	struct fact fact = {.kind = FACT_DENIED, .run = RUN, .workload = workload};
	struct err err;

	fact.denied.nr = nr;
	fact.denied.errnum = errnum;
	fact.denied.count = 1;
	if (model_add(calls, &fact, &err))
		abort();
}

/* Once a call, over instances and answers; and not where it is allowed all the same. */
static void test_denied_warnings(void)
{
	struct err err = {};
	const char *first;

	call("w", ABI_X86_64, 0, 0, 0);
	call("w#2", ABI_X86_64, 0, 0, 0);
	denied("w", 83, 1);
	denied("w", 83, 38);
	denied("w#2", 83, 1);
	denied("w#2", 0, 1);
	denied("w", 4000000000u, 1);
	free(emitted(true, NULL, &err));
	first = strstr(warnings, "denied x86_64 mkdir (83)");
	CHECK(first && !strstr(first + 1, "denied x86_64 mkdir"), "a denied call is told once");
	CHECK(strstr(warnings, "mkdir (83) while recording: the profile does not allow it for that "
			       "alone (--include-denied does)"),
	      "with what would allow it");
	CHECK(!strstr(warnings, "read"), "not where the profile allows it");
	CHECK(strstr(warnings, "number (4000000000)") &&
		      !strstr(strstr(warnings, "number (4000000000)"), "--include-denied"),
	      "nothing allows a number without a name");
}

/* ---- what is read ------------------------------------------------------------------------- */

/* Every call of a written profile is allowed by the filter made of it, and no other is. */
static void test_round(void)
{
	struct filter_options options = {.warn = warn};
	struct filter filter = {};
	struct err err = {};
	uint32_t nr, wrong = 0;
	char *text;

	header("x86_64");
	for (nr = 0; nr < 450; nr += 3)
		if (syscall_name(ABI_X86_64, nr))
			call("w", ABI_X86_64, nr, 0, 0);
	text = emitted(false, NULL, &err);
	if (!text || !EQ(filter_compile(text, strlen(text), &options, &filter, &err), 0,
			 "a written profile compiles %s", err.text))
		return;
	for (nr = 0; nr < 450; nr++)
		wrong += allows(&filter, AUDIT_ARCH_X86_64, nr, 0) !=
			 (nr % 3 == 0 && syscall_name(ABI_X86_64, nr));
	EQ(wrong, 0, "it allows what was recorded and nothing else, of 450 numbers");
	EQ(answers(&filter, AUDIT_ARCH_X86_64, 1), SECCOMP_RET_ERRNO | ENOSYS, "others: ENOSYS");
	EQ(answers(&filter, AUDIT_ARCH_I386, 0), SECCOMP_RET_KILL_THREAD, "other ABIs: killed");
	filter_drop(&filter);
	free(text);
}

static const char *refusal(const char *json)
{
	static struct err err;
	struct filter_options options = {.warn = warn};
	struct filter filter;

	err.text[0] = '\0';
	if (!filter_compile(json, strlen(json), &options, &filter, &err))
		filter_drop(&filter);
	return err.text;
}

#define PROFILE(rules) "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" rules "]}"
#define RULE(more)     "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"" more "}"
#define ARGS(more)     PROFILE(RULE(",\"args\":[" more "]"))

static void test_refused(void)
{
	EQ_STR(refusal(PROFILE("")), "", "no rules are no mistake");
	EQ_STR(refusal(""), "not JSON", "nothing");
	EQ_STR(refusal("[]"), "not a JSON object", "an array");
	EQ_STR(refusal("{}"), "defaultAction: missing", "an empty object");
	EQ_STR(refusal("{\"defaultAction\":\"SCMP_ACT_MAYBE\"}"),
	       "defaultAction: SCMP_ACT_MAYBE is not known here", "an unknown action");
	EQ_STR(refusal("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultErrnoRet\":1}"),
	       "defaultErrnoRet: the action returns no errno", "an errno that is never returned");
	EQ_STR(refusal("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":4096}"),
	       "defaultErrnoRet: above 4095", "an errno that is none");
	EQ_STR(refusal("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"x86_64\"]}"),
	       "architectures: x86_64 is not known here", "an unknown architecture");
	EQ_STR(refusal(PROFILE("7")), "syscalls[0]: not an object", "a rule that is none");
	EQ_STR(refusal(PROFILE(RULE("") ",{\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}")),
	       "syscalls[1].names: missing", "name instead of names");
	EQ_STR(refusal(PROFILE("{\"names\":[],\"action\":\"SCMP_ACT_ALLOW\"}")),
	       "syscalls[0].names: not an array of at least one name", "no names");
	EQ_STR(refusal(PROFILE(RULE(",\"errnoRet\":1"))),
	       "syscalls[0].errnoRet: the action returns no errno", "errnoRet beside ALLOW");
	EQ_STR(refusal(PROFILE(RULE(",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}"))),
	       "syscalls[0].includes: only Docker and Podman know this key; it is not in the "
	       "runtime-spec",
	       "Docker's dialect");
	EQ_STR(refusal(ARGS("{\"index\":6,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}")),
	       "syscalls[0].args[0].index: above 5", "a seventh argument");
	EQ_STR(refusal(ARGS("{\"index\":0,\"op\":\"SCMP_CMP_EQ\"}")),
	       "syscalls[0].args[0].value: missing", "no value");
	EQ_STR(refusal(ARGS("{\"index\":0,\"value\":-1,\"op\":\"SCMP_CMP_EQ\"}")),
	       "syscalls[0].args[0].value: not a whole number", "a negative value");
	EQ_STR(refusal(ARGS("{\"index\":0,\"value\":18446744073709551616,\"op\":\"SCMP_CMP_EQ\"}")),
	       "syscalls[0].args[0].value: not a whole number", "a value of 65 bits");
	EQ_STR(refusal(ARGS("{\"index\":0,\"value\":\"1\",\"op\":\"SCMP_CMP_EQ\"}")),
	       "syscalls[0].args[0].value: not a whole number", "a value in quotes");
	EQ_STR(refusal(ARGS("{\"index\":0,\"value\":1,\"op\":\"==\"}")),
	       "syscalls[0].args[0].op: == is not known here", "an unknown operator");
	EQ_STR(refusal(PROFILE("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"}")),
	       "syscalls[0].action: SCMP_ACT_NOTIFY needs an agent, and there is none here",
	       "NOTIFY");
	EQ_STR(refusal(PROFILE(RULE("")) "x"), "not JSON: something follows the object", "a tail");
	EQ_STR(refusal("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultAction\":\"SCMP_ACT_"
		       "ERRNO\"}"),
	       "\"defaultAction\" stands twice in one object", "a key that stands twice");
}

/* As long as a profile may be: each digit is looked at a few times, not once for each other one. */
static void test_digits(void)
{
	size_t size = 4 << 20;
	_cleanup_free_ char *json = xcalloc(size + 1, 1);
	clock_t start = clock();

	memset(json, '9', size);
	memcpy(json, "{\"defaultErrnoRet\":", 19);
	CHECK(strstr(refusal(json), "not JSON") && clock() - start < 20 * CLOCKS_PER_SEC,
	      "4 MiB of digits are refused in seconds");
}

static bool compiled(const char *json, enum filter_action action, struct filter *ret)
{
	struct filter_options options = {.action = action, .warn = warn};
	struct err err = {};

	*ret = (struct filter){};
	warnings[0] = '\0';
	return EQ(filter_compile(json, strlen(json), &options, ret, &err), 0, "it compiles %s",
		  err.text);
}

static void test_arguments(void)
{
	struct filter filter;

	/* 2^63 + 1: a double would lose the one. */
	if (compiled(ARGS("{\"index\":0,\"value\":9223372036854775809,\"op\":\"SCMP_CMP_EQ\"}"),
		     FILTER_AS_WRITTEN, &filter)) {
		CHECK(allows(&filter, AUDIT_ARCH_X86_64, 0, 9223372036854775809u),
		      "64 bits, equal");
		CHECK(!allows(&filter, AUDIT_ARCH_X86_64, 0, 9223372036854775808u),
		      "64 bits, one off");
	}
	filter_drop(&filter);
	if (compiled(ARGS("{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_EQ\"},"
			  "{\"index\":0,\"value\":5,\"op\":\"SCMP_CMP_EQ\"}"),
		     FILTER_AS_WRITTEN, &filter)) {
		CHECK(allows(&filter, AUDIT_ARCH_X86_64, 0, 1) &&
			      allows(&filter, AUDIT_ARCH_X86_64, 0, 5),
		      "two conditions on one argument are alternatives, as in runc");
		CHECK(!allows(&filter, AUDIT_ARCH_X86_64, 0, 3), "and no more");
	}
	filter_drop(&filter);
}

static void test_actions(void)
{
	struct filter filter;
	struct err err = {};
	struct filter_options kill = {.action = FILTER_KILL};
	const char *deny = "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}";

	if (compiled(PROFILE(RULE("")), FILTER_AS_WRITTEN, &filter))
		EQ(answers(&filter, AUDIT_ARCH_X86_64, 1), SECCOMP_RET_ERRNO | EPERM,
		   "as written, without defaultErrnoRet: EPERM");
	filter_drop(&filter);
	if (compiled(PROFILE(RULE("")), FILTER_KILL, &filter)) {
		EQ(answers(&filter, AUDIT_ARCH_X86_64, 1), SECCOMP_RET_KILL_PROCESS, "kill");
		CHECK(allows(&filter, AUDIT_ARCH_X86_64, 0, 0), "kill: what is allowed still is");
	}
	filter_drop(&filter);
	if (compiled(PROFILE(RULE("")), FILTER_ERRNO, &filter))
		EQ(answers(&filter, AUDIT_ARCH_X86_64, 1), SECCOMP_RET_ERRNO | ENOSYS,
		   "errno, where the profile names none: ENOSYS");
	filter_drop(&filter);
	if (compiled("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1}", FILTER_ERRNO,
		     &filter))
		EQ(answers(&filter, AUDIT_ARCH_X86_64, 1), SECCOMP_RET_ERRNO | EPERM,
		   "errno, where it names one: that one");
	filter_drop(&filter);
	if (compiled("{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\"}", FILTER_ERRNO, &filter))
		EQ(answers(&filter, AUDIT_ARCH_X86_64, 1), SECCOMP_RET_ERRNO | ENOSYS,
		   "errno, where the profile kills: ENOSYS");
	filter_drop(&filter);
	if (compiled(PROFILE(RULE("")), FILTER_LOG, &filter))
		EQ(answers(&filter, AUDIT_ARCH_X86_64, 1), SECCOMP_RET_LOG, "log");
	filter_drop(&filter);
	CHECK(filter_compile(deny, strlen(deny), &kill, &filter, &err) < 0,
	      "--action does not go with a list of what is denied: %s", err.text);
}

static void test_names(void)
{
	struct filter filter;
	uint32_t mseal;

	if (!syscall_number(ABI_X86_64, "mseal", &mseal))
		abort();
	if (compiled("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86\"],"
		     "\"syscalls\":[{\"names\":[\"mseal\",\"nonsense\",\"socketcall\",\"read\"],"
		     "\"action\":\"SCMP_ACT_ALLOW\"}]}",
		     FILTER_AS_WRITTEN, &filter)) {
		CHECK(allows(&filter, AUDIT_ARCH_X86_64, mseal, 0),
		      "a call that libseccomp may not know goes in by number");
		CHECK(allows(&filter, AUDIT_ARCH_X86_64, 0, 0), "the native ABI is always in");
		CHECK(allows(&filter, AUDIT_ARCH_I386, 3, 0), "each ABI has its own numbers");
		CHECK(allows(&filter, AUDIT_ARCH_I386, 102, 0), "also for calls of its own");
		CHECK(!allows(&filter, AUDIT_ARCH_X86_64, 102, 0), "which stay its own");
		CHECK(strstr(warnings, "nonsense: no system call"), "unknown names are told");
	}
	filter_drop(&filter);
}

int main(void)
{
	calls = model_new();
	test_emit();
	test_choice();
	test_summary();
	test_start_warning();
	test_denied_warnings();
	test_refused();
	test_digits();
#ifdef __x86_64__
	test_round();
	test_arguments();
	test_actions();
	test_names();
#else
	SKIP("filters are interpreted as x86-64's only");
#endif
	model_free(calls);
	return test_end();
}
