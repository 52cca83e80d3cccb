/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a policy is kept from, and that all of it is told: counts, ENOSYS, tiers, another profile,
 * other architectures. That nothing is ever wider than the base is tried on random ones. And that
 * each name has one provenance.
 */
#include "emit/emit.h"
#include "named.h"
#include "policy/policy_read.h"
#include "policy/summary.h"
#include "test.h"

#define ROUNDS 300

/* "why", of each cut of the name; "" where there is none. */
static const char *cut_text(const char *name)
{
	for (size_t i = 0; i < policy.cut_count; i++)
		if (!strcmp(policy.cuts[i].name, name))
			return policy.cuts[i].why;
	return "";
}

static size_t cuts_of(const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < policy.cut_count; i++)
		count += !strcmp(policy.cuts[i].name, name);
	return count;
}

static void results_add(const char *name, uint64_t count, uint16_t errnum)
{
	struct fact fact = {.kind = FACT_SYSCALL, .run = "r", .workload = "w"};
	uint32_t nr = 0;

	if (!syscall_number(ABI_X86_64, name, &nr))
		abort();
	fact.syscall.nr = nr;
	fact.syscall.count = count;
	fact.syscall.has_errnos = true;
	fact.syscall.errnos = (struct errno_set){&errnum, 1};
	made_add(calls, &fact);
}

static void test_counts(void)
{
	begin("x86_64", ARGS_SAFE);
	results_add("read", 9, 0);
	results_add("openat", 3, 0);
	results_add("statx", 20, 38);
	results_add("newfstatat", 20, 2);
	results_add("exit_group", 1, 0);
	make((struct emit_options){.min_count = 3});
	EQ_STR(rule_text("openat"), "any", "--min-count: what was called as often stays");
	make((struct emit_options){.min_count = 4});
	EQ_STR(rule_text("openat"), "absent", "... what was called less often goes");
	EQ_STR(cut_text("openat"), "called less often than --min-count", "... and that is told");
	EQ_STR(rule_text("open"), "absent", "... and does not ask for others");
	make_as((struct emit_options){.min_count = 4});
	EQ_STR(rule_text("exit_group"), "any", "... but what is always added is");
	EQ_STR(cut_text("exit_group"), "", "... and not told to have gone");
	make((struct emit_options){.drop_enosys = true});
	EQ_STR(rule_text("statx"), "absent", "--drop-enosys: gone, and no family brings it back");
	EQ_STR(cut_text("statx"), "never answered but with ENOSYS", "... and that is told");
	EQ_STR(rule_text("newfstatat"), "any", "... and what failed otherwise stays");
	make((struct emit_options){.drop_enosys = true, .refusal = REFUSAL_KILL});
	EQ_STR(rule_text("statx"), "refused",
	       "... but answered as it was, where others are killed");
	EQ_STR(rule_text("lstat"), "any", "... while the family of others comes in");
	make((struct emit_options){.drop_enosys = true, .errnum = 1});
	EQ_STR(rule_text("statx"), "refused", "... or where the default is EPERM");
}

/* A call is what it is called, whoever makes it, and in whichever ABI. */
static void test_counts_of_names(void)
{
	struct fact again = {.kind = FACT_SYSCALL, .run = "r", .workload = "w#2"};

	begin("x86_64", ARGS_SAFE);
	results_add("read", 9, 0);
	call(ABI_X86_64, "getcwd");
	call(ABI_I386, "getcwd");
	again.syscall.nr = 79;
	again.syscall.count = 1;
	made_add(calls, &again);
	make((struct emit_options){.min_count = 3});
	EQ_STR(rule_text("getcwd"), "any", "--min-count: instances and ABIs count together");
	make((struct emit_options){.min_count = 4});
	EQ_STR(rule_text("getcwd"), "absent", "... and go together");
	EQ(cuts_of("getcwd"), 1, "... which is told once");
}

/* Some of a call's arguments were lost: those that are there are no limit. */
static void test_lost(void)
{
	struct fact lost = {
		.kind = FACT_INCOMPLETE, .run = "r", .incomplete = {"arguments", "x", 9}};

	begin("x86_64", ARGS_SAFE);
	results_add("personality", 9, 0);
	call_with(ABI_X86_64, "personality", 0, 8);
	call_with(ABI_X86_64, "clone", 0, 0);
	results_add("clone3", 9, 0);
	call_with(ABI_X86_64, "clone3", 0, 0);
	make((struct emit_options){});
	EQ_STR(rule_text("personality"), "arg0 == 8", "arguments of a whole recording are a limit");
	EQ_STR(rule_text("clone3"), "refused", "... clone3's as well");
	begin("x86_64", ARGS_SAFE);
	results_add("personality", 9, 0);
	call_with(ABI_X86_64, "personality", 0, 8);
	call_with(ABI_X86_64, "clone", 0, 0);
	results_add("clone3", 9, 0);
	call_with(ABI_X86_64, "clone3", 0, 0);
	made_add(calls, &lost);
	make((struct emit_options){});
	EQ_STR(rule_text("personality"), "any", "... but not where some were lost");
	EQ_STR(rule_text("clone3"), "any", "... nor clone3's");
	EQ_STR(rule_text("clone"), "(arg0 & 0x7e020000) == 0x0",
	       "... unless each call has its own");
}

static void test_tiers(void)
{
	_cleanup_policy_ struct policy base = {.abis = {[ABI_X86_64] = true}};

	begin("x86_64", ARGS_SAFE);
	call(ABI_X86_64, "read");
	call(ABI_X86_64, "bpf");
	call(ABI_X86_64, "reboot");
	call(ABI_X86_64, "execve");
	call(ABI_X86_64, "setsockopt");
	call_with(ABI_X86_64, "clone", 0, 0x10000000);
	call_with(ABI_X86_64, "clone3", 0, 0x10000000);
	make((struct emit_options){.deny_tier = TIER_CRITICAL});
	CHECK(policy_allows(&policy, "bpf") && !policy_allows(&policy, "reboot"),
	      "--deny-tier critical: what is critical goes");
	EQ_STR(cut_text("reboot"), "of tier critical", "... and that is told");
	EQ_STR(rule_text("clone"),
	       "(arg0 & 0x7e020000) == 0x0 or (arg0 & 0x7e020000) == 0x10000000",
	       "... and namespaces are not");
	make((struct emit_options){.deny_tier = TIER_HIGH});
	CHECK(!policy_allows(&policy, "bpf") && policy_allows(&policy, "execve"),
	      "--deny-tier high: what is high goes");
	EQ_STR(rule_text("clone"), "(arg0 & 0x7e020000) == 0x0", "... so do clone's namespaces");
	EQ_STR(cut_text("clone"), "for namespaces", "... which is told");
	EQ_STR(rule_text("clone3"), "refused", "... and clone3, so that clone is called");
	EQ_STR(cut_text("clone3"), "of tier high", "... which is told");
	policy_add(&base, &(struct rule){.name = "read"});
	policy_settle(&base, NULL);
	make((struct emit_options){.deny_tier = TIER_HIGH, .base = &base});
	CHECK(!policy_allows(&policy, "clone") && cuts_of("clone") == 1,
	      "... what is narrowed and then goes is told once");
	EQ_STR(cut_text("clone"), "denied by --base", "... as it went");
	make((struct emit_options){.deny_tier = TIER_MEDIUM, .runtime = RUNTIME_ANY});
	EQ_STR(rule_text("execve"), "absent", "--deny-tier medium: a floor's call goes as well");
	EQ_STR(rule_text("setsockopt"), "any", "... a remark is not enough");
}

/* ---- another profile ------------------------------------------------------------------------- */

static void make_within(const char *rules, const char *action)
{
	_cleanup_free_ char *json =
		xasprintf("{\"defaultAction\":\"SCMP_ACT_%s\",\"architectures\":"
			  "[\"SCMP_ARCH_X86_64\"],\"syscalls\":[%s]}",
			  action, rules);
	struct policy base = {};
	struct policy_defaults defaults;
	struct err err;

	if (policy_parse(json, strlen(json), &base, &defaults, &err)) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	make((struct emit_options){.base = &base,
				   .base_is_open = defaults.is_open || defaults.is_logged});
	policy_drop(&base);
}

#define RULE(name, action, args)                                                                   \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
#define ARG(index, op, value, more)                                                                \
	"{\"index\":" #index ",\"op\":\"SCMP_CMP_" #op "\",\"value\":" #value more "}"

#define DOCKER                                                                                     \
	RULE("socket", "ALLOW", ARG(0, LT, 38, ""))                                                \
	"," RULE("socket", "ALLOW", ARG(0, EQ, 39, "")) "," RULE("socket", "ALLOW",                \
								 ARG(0, GT, 40, ""))

static void test_base(void)
{

	begin("x86_64", ARGS_SAFE);
	call(ABI_X86_64, "read");
	call_with(ABI_X86_64, "personality", 0, 8);
	call_with(ABI_X86_64, "personality", 0, 9);
	call_with(ABI_X86_64, "unshare", 0, 0x20000);
	make_within(RULE("read", "ALLOW", "") "," RULE("personality", "ALLOW", ARG(0, EQ, 8, "")),
		    "ERRNO");
	EQ_STR(rule_text("read"), "any", "--base: what it allows stays");
	EQ_STR(rule_text("readv"), "absent",
	       "... what stands in for it does not, where it is denied");
	EQ_STR(cut_text("readv"), "denied by --base", "... and that is told");
	EQ_STR(rule_text("unshare"), "absent", "... nor does what was observed");
	EQ_STR(rule_text("personality"), "arg0 == 8", "... nor other arguments than the base's");
	EQ(policy_find(&policy, "personality")->alternatives[0].list[0].mask, UINT64_MAX,
	   "... compared as the base compares");
	EQ_STR(cut_text("personality"), "for some arguments, which --base denies",
	       "... and that is told");
	make_within(RULE("read", "ALLOW", "") "," RULE("personality", "ALLOW", ARG(0, EQ, 7, "")),
		    "ERRNO");
	EQ_STR(rule_text("personality"), "absent", "... none is left");
	make_within(RULE("unshare", "ALLOW", ARG(1, EQ, 5, "")), "ERRNO");
	EQ_STR(rule_text("unshare"), "arg0 == 131072 && arg1 == 5", "... or only beside another");
	EQ_STR(cut_text("unshare"), "for some arguments, which --base denies",
	       "... and that is told");
	make_within(RULE("personality", "ALLOW", ARG(0, LE, 9, "")), "ERRNO");
	EQ_STR(rule_text("personality"), "arg0 == 8 or arg0 == 9", "... all of them");
	EQ_STR(cut_text("personality"), "", "... and nothing is told of their upper halves");
	make_within(RULE("unshare", "ERRNO", "") "," RULE("personality", "KILL", ARG(0, EQ, 9, "")),
		    "ALLOW");
	EQ_STR(rule_text("unshare"), "absent", "a list of what is denied: denied");
	EQ_STR(rule_text("personality"), "arg0 == 8", "... with these arguments");
	EQ_STR(rule_text("readv"), "any", "... and all that it does not name stays");
	make_within(RULE("unshare", "ERRNO", "") "," RULE("personality", "KILL", ARG(0, EQ, 9, "")),
		    "LOG");
	EQ_STR(rule_text("unshare"), "absent", "... so with a default that logs: denied");
	EQ_STR(rule_text("personality"), "arg0 == 8", "... with these arguments");
	EQ_STR(rule_text("readv"), "any", "... and all that it does not name stays");

	begin("x86_64", ARGS_SAFE);
	call(ABI_X86_64, "read");
	call(ABI_X86_64, "personality");
	call(ABI_X86_64, "socket");
	make_within(RULE("personality", "ALLOW", ARG(0, EQ, 8, "")), "ERRNO");
	EQ_STR(rule_text("personality"), "arg0 == 8", "any arguments become the base's");
	make_within(RULE("personality", "ALLOW", ARG(0, MASKED_EQ, 0, ",\"valueTwo\":0")), "ERRNO");
	EQ_STR(rule_text("personality"), "any", "... which are any where its mask has no bits");
	make_within(RULE("read", "ALLOW", "") "," DOCKER, "ERRNO");
	EQ_STR(rule_text("socket"), "absent", "... but for ranges, which no profile of ours has");
	EQ_STR(cut_text("socket"), "--base allows it for other arguments only",
	       "... and that is told");
}

/* What was called is told apart from what only rules would have added, and nothing goes in silence. */
static void test_called(void)
{
	struct seccomp_summary summary;
	char *text = NULL;
	size_t size;
	FILE *out;
	struct emit_options options = {.min_count = 3, .runtime = RUNTIME_RUNC};

	begin("x86_64", ARGS_ALL);
	results_add("read", 9, 0);
	results_add("unshare", 9, 0);
	results_add("prctl", 1, 0);
	call_with(ABI_X86_64, "prctl", 0, 4);
	results_add("exit_group", 1, 0);
	make_as(options);
	CHECK(policy_find(&policy, "prctl") && policy_find(&policy, "prctl")->alternative_count,
	      "--min-count: a floor brings a call back for its own arguments");
	EQ_STR(cut_text("prctl"), "for some arguments, called less often than --min-count",
	       "... and those that were seen are told to have gone");
	EQ_STR(cut_text("exit_group"), "", "... but not where all came back");
	seccomp_summarise(&policy, &summary);
	EQ(summary.observed, 2, "summary: what is in since it was called");
	EQ(summary.called, 4, "... of all that was called");
	seccomp_summary_drop(&summary);
	out = open_memstream(&text, &size);
	provenance_emit(calls, &policy, &options, out);
	fclose(out);
	CHECK(strstr(text, "; left out, for some arguments, called less often than --min-count: 1 "
			   "time, by (unknown)\n"),
	      "provenance: ... and by whom");
	free(text);
	options = (struct emit_options){.deny_tier = TIER_HIGH};
	make(options);
	CHECK(policy_cut_find(&policy, "unshare")->was_called, "--deny-tier: it was called");
	out = open_memstream(&text, &size);
	provenance_emit(calls, &policy, &options, out);
	fclose(out);
	CHECK(strstr(text, "unshare\tcut\tof tier high: 9 times, by (unknown)\n"),
	      "provenance: how often, and by whom");
	free(text);
	make_within(RULE("read", "ALLOW", ""), "ERRNO");
	CHECK(policy_cut_find(&policy, "unshare")->was_called &&
		      !policy_cut_find(&policy, "readv")->was_called,
	      "--base: what was called, and what only stands in for others");
	seccomp_summarise(&policy, &summary);
	EQ(summary.called - summary.observed, 3, "summary: the others were cut");
	seccomp_summary_drop(&summary);
}

/* Two kinds of socket under Docker's ranges: each stays, as a number of 64 bits. */
static void test_ranges(void)
{
	static const uint64_t families[] = {2, 38, 40, 44};
	struct fact fact = {.kind = FACT_ARGUMENTS, .run = "r", .workload = "w"};

	begin("x86_64", ARGS_SAFE);
	call(ABI_X86_64, "socket");
	for (size_t i = 0; i < 4; i++) {
		fact.arguments = (__typeof__(fact.arguments)){
			.abi = ABI_X86_64, .nr = 41, .count = 1, .known = 7};
		fact.arguments.values[0] = families[i];
		fact.arguments.values[1] = 1;
		made_add(calls, &fact);
	}
	make_within(DOCKER, "ERRNO");
	EQ_STR(rule_text("socket"),
	       "arg0 == 2 && (arg1 & 0xf) == 0x1 or arg0 == 44 && (arg1 & 0xf) == 0x1",
	       "ranges let through what is within them, and nothing else");
	EQ(policy_find(&policy, "socket")->alternatives[0].list[0].mask, UINT64_MAX,
	   "... compared with 64 bits, as they are");
}

/* ---- never wider ----------------------------------------------------------------------------- */

static bool condition_holds(const struct condition *condition, const uint64_t args[CALL_ARGS])
{
	uint64_t arg = args[condition->index];

	switch (condition->compare) {
	case COMPARE_MASKED:
		return (arg & condition->mask) == condition->value;
	case COMPARE_NE:
		return arg != condition->value;
	case COMPARE_LT:
		return arg < condition->value;
	case COMPARE_LE:
		return arg <= condition->value;
	case COMPARE_GE:
		return arg >= condition->value;
	case COMPARE_GT:
		return arg > condition->value;
	}
	return false;
}

/* Would the policy let the call through, by its meaning alone? */
static bool lets_through(const struct policy *of, bool is_open, const char *name,
			 const uint64_t args[CALL_ARGS])
{
	const struct rule *rule = policy_find(of, name);
	bool any = false;

	if (!rule)
		return is_open;
	for (size_t i = 0; i < rule->alternative_count; i++) {
		bool all = true;

		for (unsigned int k = 0; k < rule->alternatives[i].count; k++)
			all &= condition_holds(&rule->alternatives[i].list[k], args);
		any |= all;
	}
	any |= !rule->alternative_count;
	return rule->is_refused ? is_open && !any : any;
}

/* A profile with some of the calls whose arguments are looked at, and some of the others. */
static char *random_profile(bool is_open)
{
	static const char *const signs[] = {"EQ", "NE", "LT", "LE", "GE", "GT", "MASKED_EQ"};
	const char *action = is_open ? "ERRNO" : "ALLOW", *comma = "";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out,
		"{\"defaultAction\":\"SCMP_ACT_%s\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
		"\"syscalls\":[",
		is_open ? "ALLOW" : "ERRNO");
	for (size_t i = 0; i < args_count; i++) {
		if (!random_below(4))
			continue;
		fprintf(out, "%s{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_%s\",\"args\":[", comma,
			args_rows[i].name, action);
		comma = ",";
		for (unsigned int k = 0, count = 0; k < CALL_ARGS && random_below(5); k++)
			if (args_rows[i].masks[k] && random_below(4))
				fprintf(out,
					"%s{\"index\":%u,\"op\":\"SCMP_CMP_%s\",\"value\":%u,"
					"\"valueTwo\":%u}",
					count++ ? "," : "", k, signs[random_below(7)],
					random_below(8), random_below(4));
		fputs("]}", out);
	}
	for (uint32_t nr = 0; nr < 400 && !is_open; nr++)
		if (syscall_name(ABI_X86_64, nr) && !args_row(syscall_name(ABI_X86_64, nr)) &&
		    random_below(2))
			fprintf(out, "%s{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_ALLOW\"}", comma,
				syscall_name(ABI_X86_64, nr)),
				comma = ",";
	fputs("]}", out);
	fclose(out);
	return text;
}

/* Numbers at which conditions turn, some with bits that a 32-bit comparison does not see. */
static void arguments_try(const struct policy *base, bool is_open, const struct policy *made,
			  uint64_t *wider, uint64_t *allowed)
{
	for (size_t i = 0; i < made->rule_count; i++) {
		for (int k = 0; k < 20; k++) {
			uint64_t args[CALL_ARGS];
			bool ours;

			for (unsigned int arg = 0; arg < CALL_ARGS; arg++)
				args[arg] = random_below(9) |
					    (random_below(3) ? 0 : random_bits() << 32);
			ours = lets_through(made, false, made->rules[i].name, args);
			*allowed += ours;
			*wider += ours && !lets_through(base, is_open, made->rules[i].name, args);
		}
	}
}

static void test_never_wider(bool is_open)
{
	uint64_t rounds = made_rounds(ROUNDS), wider = 0, allowed = 0, tried = 0, number;

	for (number = 0; number < rounds; number++) {
		struct model *model = made_recording(number, 0);
		_cleanup_free_ char *json = random_profile(is_open);
		struct policy base = {}, made = {};
		struct policy_defaults defaults;
		struct err err;

		model_seal(model);
		if (policy_parse(json, strlen(json), &base, &defaults, &err) == 0) {
			struct emit_options options = {.base = &base, .base_is_open = is_open};

			if (policy_make(model, &options, &made, &err) == 0)
				arguments_try(&base, is_open, &made, &wider, &allowed);
			tried++;
		}
		policy_drop(&made);
		policy_drop(&base);
		model_free(model);
	}
	EQ(wider, 0, "%s: never wider than the base, in %llu trials", is_open ? "open" : "closed",
	   (unsigned long long)tried);
	CHECK(tried > rounds / 2 && allowed > rounds, "... and something is left");
}

/* ---- architectures --------------------------------------------------------------------------- */

static void test_architectures(void)
{
	struct seccomp_summary summary;

	begin("x86_64", ARGS_SAFE);
	call(ABI_X86_64, "open");
	call(ABI_X86_64, "stat");
	call(ABI_X86_64, "fork");
	call(ABI_X86_64, "mkdir");
	call(ABI_X86_64, "iopl");
	make((struct emit_options){.archs = {[ABI_AARCH64] = true, [ABI_ARM] = true}});
	CHECK(policy.abis[ABI_AARCH64] && policy.abis[ABI_ARM] && !policy.abis[ABI_X86_64],
	      "--arch: for these");
	CHECK(policy.is_native[ABI_AARCH64] && !policy.is_native[ABI_ARM],
	      "... of which arm is aarch64's second");
	CHECK(policy_allows(&policy, "open") && policy_allows(&policy, "stat64"),
	      "what one of them has stays");
	CHECK(policy_allows(&policy, "openat") && policy_allows(&policy, "newfstatat") &&
		      policy_allows(&policy, "mkdirat"),
	      "... and what stands in on the other one comes");
	EQ_STR(rule_text("clone"), "(arg0 & 0x7e020000) == 0x0", "... fork is clone there");
	EQ_STR(rule_text("iopl"), "absent", "what none has goes");
	EQ_STR(cut_text("iopl"), CUT_NO_ABI, "... and that is told");
	seccomp_summarise(&policy, &summary);
	CHECK(names_have(&summary.lacking[ABI_AARCH64], "open") &&
		      names_have(&summary.lacking[ABI_AARCH64], "mkdir") &&
		      !names_have(&summary.lacking[ABI_ARM], "open"),
	      "summary: which of them each lacks");
	EQ(summary.lost[ABI_AARCH64].count, 1, "summary: and what nothing stands in for");
	EQ_STR(summary.lost[ABI_AARCH64].list[0], "iopl", "... which is x86's own");
	CHECK(!summary.has_docker, "summary: Docker's default is x86-64's");
	seccomp_summary_drop(&summary);
	make((struct emit_options){.archs = {[ABI_I386] = true}});
	CHECK(policy.is_native[ABI_I386] && policy_allows(&policy, "fstatat64") &&
		      policy_allows(&policy, "iopl") && !policy_allows(&policy, "newfstatat"),
	      "i386 alone has its own");
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void test_summary(void)
{
	struct seccomp_summary summary;

	begin("x86_64", ARGS_SAFE);
	call(ABI_X86_64, "execve");
	call(ABI_X86_64, "chroot");
	call(ABI_X86_64, "reboot");
	make((struct emit_options){});
	seccomp_summarise(&policy, &summary);
	EQ_STR(summary.tiers[TIER_HIGH].list[0], "chroot", "summary: by tier");
	EQ(summary.tiers[TIER_MEDIUM].count, 1, "... one of tier medium");
	EQ(summary.docker_count[TIER_HIGH] - summary.closed_count[TIER_HIGH], 1,
	   "... of Docker's high ones all but one are closed");
	EQ(summary.docker_count[TIER_CRITICAL] - summary.closed_count[TIER_CRITICAL], 0,
	   "... of its critical ones all");
	EQ_STR(summary.beyond_docker.list[0], "reboot", "... one is allowed beside them");
	seccomp_summary_drop(&summary);
}

/* Each name that is in, or was cut, has a line; no other has. */
static void test_provenance(void)
{
	static const char want[] = "clone\tfamily\tof fork: fork(3) of glibc, and on newer "
				   "architectures; never for namespaces\n"
				   "clone3\trefused\tENOSYS, so that the C library falls back\n"
				   "execve\tcut\tof tier medium: 1 time, by (unknown)\n"
				   "exit_group\talways\thow a process ends, after a failure too\n"
				   "fork\tobserved\t1 time, by (unknown)\n"
				   "fstatfs\tfloor\trunc 1.1.5: strace: is it procfs?\n";
	struct emit_options options = {.deny_tier = TIER_MEDIUM, .runtime = RUNTIME_RUNC};
	char *text = NULL, *kept = NULL, *line, *rest, *last = NULL;
	size_t size, kept_size, lines = 0, disorder = 0, bare = 0, cuts = 0;
	FILE *out, *some;

	begin("x86_64", ARGS_SAFE);
	call(ABI_X86_64, "fork");
	call(ABI_X86_64, "execve");
	make_as(options);
	out = open_memstream(&text, &size);
	provenance_emit(calls, &policy, &options, out);
	fclose(out);
	some = open_memstream(&kept, &kept_size);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *tab = strchr(line, '\t');

		lines++;
		bare += !tab || !strchr(tab + 1, '\t') || !strchr(tab + 1, '\t')[1];
		if (strstr(want, line))
			fprintf(some, "%s\n", line);
		*tab = '\0';
		disorder += last && strcmp(last, line) >= 0;
		last = line;
	}
	fclose(some);
	EQ_STR(kept, want, "provenance: the first reason that holds");
	EQ(disorder, 0, "... by name, each once");
	EQ(bare, 0, "... each with its why");
	for (size_t i = 0; i < policy.cut_count; i++)
		cuts += !policy_find(&policy, policy.cuts[i].name);
	EQ(lines, policy.rule_count + cuts, "... for all that is in, or was left out");
	free(text);
	free(kept);
}

int main(void)
{
	test_counts();
	test_counts_of_names();
	test_lost();
	test_tiers();
	test_base();
	test_called();
	test_ranges();
	test_never_wider(false);
	test_never_wider(true);
	test_architectures();
	test_summary();
	test_provenance();
	end();
	return test_end();
}
