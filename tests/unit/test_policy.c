/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Profiles as policies: what is read is what libseccomp makes of the same text; what is said to imply
 * something does, by trying the numbers.
 */
#include <errno.h>
#include <linux/audit.h>
#include <stdlib.h>

#include "policy/imply.h"
#include "policy/policy_read.h"
#include "profile/filter_answer.h"
#include "random.h"
#include "test.h"

static struct policy policy;
static struct policy_defaults defaults;

/* The words of an error, or "". */
static const char *read_profile(const char *json)
{
	static struct err err;

	policy_drop(&policy);
	err.text[0] = '\0';
	if (policy_parse(json, strlen(json), &policy, &defaults, &err))
		return err.text;
	return "";
}

#define PROFILE(rules)       "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" rules "]}"
#define ALLOW(names, more)   "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"" more "}"
#define EQ_ARG(index, value) "{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_EQ\"}"

/* ---- what is read -------------------------------------------------------------------------- */

static void test_plain(void)
{
	EQ_STR(read_profile("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,"
			    "\"architectures\":[\"SCMP_ARCH_AARCH64\",\"SCMP_ARCH_ARM\",\"SCMP_"
			    "ARCH_S390X\"],"
			    "\"syscalls\":[" ALLOW("\"write\",\"read\",\"odd\"", "") "]}"),
	       "", "a plain profile");
	EQ_STR(defaults.action, "SCMP_ACT_ERRNO", "... its default action");
	EQ(defaults.errnum, ENOSYS, "... its default errno");
	CHECK(!defaults.is_open, "... is a list of what is allowed");
	EQ(defaults.flags, FLAG_SPEC_ALLOW, "... its flags are the runtimes'");
	CHECK(policy.abis[ABI_AARCH64] && policy.abis[ABI_ARM] && !policy.abis[ABI_X86_64],
	      "... its architectures are the listed ones");
	EQ(defaults.arch_count, 1, "... and one that no table has");
	EQ(policy.rule_count, 3, "... three rules");
	CHECK(policy_allows(&policy, "odd"), "... also of a name that no table has");
	EQ(policy_find(&policy, "read")->reason, REASON_GIVEN, "... for they are given");

	EQ_STR(read_profile("{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[]}"), "",
	       "flags: none");
	EQ(defaults.flags, 0, "... is not the runtimes' choice");
	EQ_STR(read_profile("{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[\"X\"]}"),
	       "flags: X is not known here", "an unknown flag");
	EQ_STR(read_profile("{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}"), "", "an agent decides");
	EQ_STR(defaults.action, "SCMP_ACT_NOTIFY", "... and that is said");
}

static void test_order(void)
{
	const struct rule *rule;

	read_profile(PROFILE(
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":13}," ALLOW(
			"\"read\"", "")));
	rule = policy_find(&policy, "read");
	CHECK(rule && rule->is_refused && rule->errnum == 13, "the first rule of a call counts");
	read_profile(PROFILE(
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1}," ALLOW(
			"\"read\"", "")));
	CHECK(policy_allows(&policy, "read"), "... unless it says no more than the default");
	read_profile(PROFILE(
		ALLOW("\"read\"", ",\"args\":[" EQ_ARG(0, 1) "]") "," ALLOW("\"read\"", "")));
	CHECK(policy_allows(&policy, "read") && !policy_find(&policy, "read")->alternative_count,
	      "one without conditions beats those with some");
	read_profile(PROFILE(ALLOW("\"read\"", ",\"args\":[" EQ_ARG(0, 1) "," EQ_ARG(0, 2) "]")));
	EQ(policy_find(&policy, "read")->alternative_count, 2, "two conditions on one argument");
	EQ_STR(read_profile(PROFILE(ALLOW(
		       "\"read\"",
		       ",\"args\":[" EQ_ARG(
			       0,
			       1) "]") ",{\"names\":"
				       "[\"read\"],\"action\":\"SCMP_ACT_KILL\",\"args\":[" EQ_ARG(
					       1, 1) "]}")),
	       "syscalls: read is allowed and refused with the same arguments, and which of it "
	       "holds is up to libseccomp",
	       "a contradiction");
	EQ_STR(read_profile(PROFILE(ALLOW(
		       "\"read\"",
		       ",\"args\":[" EQ_ARG(
			       0,
			       1) "]") ",{\"names\":"
				       "[\"read\"],\"action\":\"SCMP_ACT_KILL\",\"args\":[" EQ_ARG(
					       0, 2) "]}")),
	       "", "no contradiction");
}

static void test_open(void)
{
	EQ_STR(read_profile(
		       "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
		       "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_KILL\"},"
		       "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[" EQ_ARG(
			       0, 40) "]}," ALLOW("\"read\"", "") "]}"),
	       "", "a list of what is denied");
	CHECK(defaults.is_open, "... is told from one of what is allowed");
	EQ(policy.rule_count, 2, "... what is allowed anyway is no rule");
	EQ_STR(policy_find(&policy, "mount")->action, "SCMP_ACT_KILL", "... what it is answered");
	EQ(policy_find(&policy, "socket")->alternative_count, 1, "... with which arguments");
}

static void test_dialect(void)
{
	EQ_STR(read_profile(
		       "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"ENOSYS\","
		       "\"defaultErrnoRet\":1,\"archMap\":[{\"architecture\":\"SCMP_ARCH_"
		       "S390X\"},{"
		       "\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[\"SCMP_"
		       "ARCH_"
		       "X86\"]},{\"architecture\":\"SCMP_ARCH_AARCH64\",\"subArchitectures\":"
		       "["
		       "\"SCMP_ARCH_ARM\"]}],\"syscalls\":["
		       "{\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\",\"args\":null,"
		       "\"comment\":"
		       "\"\"}," ALLOW(
			       "\"bpf\"",
			       ",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]"
			       "}") "," ALLOW("\"mknod\"",
					      ",\"includes\":{"
					      "\"caps\":["
					      "\"CAP_MKNOD\"]"
					      "}") "," ALLOW("\"ptrace\"",
							     ",\"includes\":{\"minKernel\":\"4."
							     "8\"}") "," ALLOW("\"old\"",
									       ",\"excludes\":{"
									       "\"minKernel\":\"4."
									       "8\"}") "," ALLOW("\"chown\"",
												 ","
												 "\"excludes\":{\"caps\":[\"CAP_CHOWN\"]}") "," ALLOW("\"both"
																		      "\"",
																		      ",\"incl"
																		      "udes\":"
																		      "{\"arch"
																		      "es\":["
																		      "\"amd64"
																		      "\","
																		      "\"arm64"
																		      "\"]}") "," ALLOW("\"s390\"",
																					",\"includes\":{\"arches\":[\"s390x\"]}") ","
																										  "{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errno\":\"EACCES\"}]}"),
	       "", "Docker's and Podman's dialect");
	EQ(defaults.errnum, ENOSYS, "... an errno's name wins over its number");
	CHECK(policy.abis[ABI_X86_64] != policy.abis[ABI_AARCH64] &&
		      policy.abis[ABI_X86_64] == policy.abis[ABI_I386] && !defaults.arch_count,
	      "... this machine's entry of archMap");
	CHECK(policy_allows(&policy, "read"), "... name for names");
	CHECK(!policy_find(&policy, "bpf"), "... a capability that no container has by default");
	CHECK(policy_allows(&policy, "mknod"), "... one that every container has");
	CHECK(!policy_find(&policy, "chown"), "... and that is excluded");
	CHECK(policy_allows(&policy, "ptrace") && !policy_find(&policy, "old"), "... a new kernel");
	CHECK(policy_allows(&policy, "both") && !policy_find(&policy, "s390"), "... this machine");
	EQ(policy_find(&policy, "clone3")->errnum, EACCES, "... an answer by its name");
	EQ_STR(read_profile("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_"
			    "X86\"],\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86\"}]}"),
	       "archMap: stands beside architectures", "archMap and architectures");
	EQ_STR(read_profile(PROFILE(ALLOW(
		       "\"s390\"", ",\"includes\":{\"arches\":[\"none\"]}") "," ALLOW("7", ""))),
	       "syscalls[1].names: not an array of names",
	       "a rule that does not count has a place");
	EQ_STR(read_profile(PROFILE(ALLOW("\"read\"", ",\"name\":\"write\""))),
	       "syscalls[0].name: stands beside names", "name and names");
	EQ_STR(read_profile(PROFILE("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"errno\":"
				    "\"EODD\"}")),
	       "syscalls[0].errno: no errno is called that", "an errno without a number");
}

/* ---- what is read is what is compiled -------------------------------------------------------- */

static bool condition_holds(const struct condition *condition, uint64_t number)
{
	switch (condition->compare) {
	case COMPARE_MASKED:
		return (number & condition->mask) == condition->value;
	case COMPARE_NE:
		return number != condition->value;
	case COMPARE_LT:
		return number < condition->value;
	case COMPARE_LE:
		return number <= condition->value;
	case COMPARE_GE:
		return number >= condition->value;
	case COMPARE_GT:
		return number > condition->value;
	}
	abort();
}

static bool alternative_holds(const struct alternative *alternative, const uint64_t *args)
{
	unsigned int i;

	for (i = 0; i < alternative->count; i++)
		if (!condition_holds(&alternative->list[i], args[alternative->list[i].index]))
			return false;
	return true;
}

static bool policy_lets(const char *name, const uint64_t *args)
{
	const struct rule *rule = policy_find(&policy, name);
	bool holds = false;
	size_t i;

	if (!rule)
		return defaults.is_open;
	if (!rule->alternative_count)
		return !rule->is_refused;
	for (i = 0; i < rule->alternative_count; i++)
		holds |= alternative_holds(&rule->alternatives[i], args);
	return holds != rule->is_refused;
}

/* libseccomp 2.5 compiles ranges on several arguments wrongly: there is one of them at most. */
static void args_print(FILE *out)
{
	static const char *const operators[] = {"EQ", "MASKED_EQ", "NE", "LT", "LE", "GE", "GT"};
	unsigned int count = random_below(3), i;

	fputs(",\"args\":[", out);
	for (i = 0; i < count; i++)
		fprintf(out, "%s{\"index\":%u,\"value\":%u,\"valueTwo\":%u,\"op\":\"SCMP_CMP_%s\"}",
			i ? "," : "", random_below(2), 1 + random_below(3), random_below(4),
			operators[random_below(count > 1 ? 2 : 7)]);
	fputc(']', out);
}

static char *profile_make(void)
{
	static const char *const actions[] = {"ALLOW", "ALLOW", "ERRNO", "KILL", "LOG"};
	unsigned int count = 1 + random_below(4), i;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "{\"defaultAction\":\"SCMP_ACT_%s\",\"syscalls\":[",
		random_below(4) ? "ERRNO" : "ALLOW");
	for (i = 0; i < count; i++) {
		fprintf(out, "%s{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_%s\"", i ? "," : "",
			random_below(3) ? "read" : "write", actions[random_below(5)]);
		if (random_below(3))
			args_print(out);
		fputc('}', out);
	}
	fputs("]}", out);
	fclose(out);
	return text;
}

static int filter_disagrees(const struct filter *filter)
{
	static const char *const names[] = {"read", "write", "open"};
	int wrong = 0, i;

	for (i = 0; i < 48; i++) {
		uint64_t args[] = {(uint64_t)i % 4, (uint64_t)i / 4 % 4};
		struct seccomp_data data = {.nr = i / 16, /* read, write, open */
					    .arch = AUDIT_ARCH_X86_64,
					    .args = {args[0], args[1]}};
		uint32_t answer = filter_answer(filter, &data);

		wrong += policy_lets(names[i / 16], args) !=
			 (answer == SECCOMP_RET_ALLOW || answer == SECCOMP_RET_LOG);
	}
	return wrong;
}

#define PROFILES 3000

static void test_compiled(void)
{
	struct filter_options options = {};
	int compared = 0, wrong = 0, i;

	for (i = 0; i < PROFILES; i++) {
		struct filter filter = {};
		struct err err;
		char *text;

		random_seed((uint64_t)i);
		text = profile_make();
		if (!*read_profile(text) &&
		    !filter_compile(text, strlen(text), &options, &filter, &err)) {
			compared++;
			if (filter_disagrees(&filter) && wrong++ < 5)
				printf("disagree: %s\n", text);
		}
		filter_drop(&filter);
		free(text);
	}
	EQ(wrong, 0, "%d random profiles let through what their filters let through", compared);
	CHECK(compared > PROFILES / 2, "... most of %d could be compared", PROFILES);
}

/* ---- what implies what ----------------------------------------------------------------------- */

/* All bits that matter are the lowest three, so that eight numbers are all there are. */
static struct alternative alternative_make(unsigned int compares)
{
	struct alternative made = {};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct condition *condition = &made.list[made.count];

		if (!random_below(3))
			continue;
		*condition = (struct condition){.index = i,
						.compare = random_below(compares),
						.mask = UINT64_MAX,
						.value = random_below(8)};
		if (condition->compare == COMPARE_MASKED && random_below(2))
			condition->mask = random_below(8);
		condition->value &= condition->mask;
		made.count++;
	}
	return made;
}

/* Pairs of arguments, eight small and eight large ones of each, that meet `a` and not `b`, or both. */
static void pairs_count(const struct alternative *a, const struct alternative *b, int *ret_alone,
			int *ret_both)
{
	unsigned int i;

	*ret_alone = *ret_both = 0;
	for (i = 0; i < 256; i++) {
		uint64_t args[] = {i % 8 - (i & 8), i / 16 % 8 - (i >> 4 & 8)};

		if (!alternative_holds(a, args))
			continue;
		*(alternative_holds(b, args) ? ret_both : ret_alone) += 1;
	}
}

static void implied_try(unsigned int compares, int rounds, int *wrong, int *missed, int *found)
{
	int i, alone, both;

	for (i = 0; i < rounds; i++) {
		struct alternative a = alternative_make(compares), b = alternative_make(compares);
		bool implies = alternative_implies(&a, &b);
		bool excludes = alternatives_exclude(&a, &b);

		pairs_count(&a, &b, &alone, &both);
		*wrong += (implies && alone) || (excludes && both);
		*missed += (!implies && !alone) || (!excludes && !both);
		*found += implies + excludes;
	}
}

static void test_imply(void)
{
	int wrong = 0, missed = 0, found = 0;

	random_seed(1);
	implied_try(1, 20000, &wrong, &missed, &found);
	EQ(wrong, 0, "of equalities under masks, what is implied or excluded is (%d times)", found);
	EQ(missed, 0, "... and nothing is overlooked");
	wrong = missed = found = 0;
	implied_try(COMPARE_GT + 1, 20000, &wrong, &missed, &found);
	EQ(wrong, 0, "of all comparisons, too (%d times; %d overlooked)", found, missed);
}

static void test_grants(void)
{
	struct alternative one = {{{.mask = UINT64_MAX, .value = 1}}, 1};
	struct alternative two = {{{.mask = UINT64_MAX, .value = 2}}, 1};
	struct alternative both[] = {one, two};
	struct grant none = {}, all = {.kind = GRANT_ALL};
	struct grant some = {GRANT_SOME, &one, 1}, more = {GRANT_SOME, both, 2};
	struct grant but = {GRANT_ALL_BUT, &one, 1}, less = {GRANT_ALL_BUT, both, 2};
	struct grant other = {GRANT_SOME, &two, 1};

	CHECK(grant_implies(&none, &some) && !grant_implies(&some, &none), "nothing is in some");
	CHECK(grant_implies(&some, &more) && !grant_implies(&more, &some), "one of two is in both");
	CHECK(grant_implies(&more, &all) && !grant_implies(&all, &more), "some is in all");
	CHECK(grant_implies(&less, &but) && !grant_implies(&but, &less),
	      "all but two, all but one");
	CHECK(grant_implies(&other, &but) && !grant_implies(&some, &but), "two is in all but one");
	CHECK(grant_implies(&but, &all) && !grant_implies(&all, &but), "all but one is in all");
	CHECK(!grant_implies(&but, &some), "all but one is not in one");
}

int main(void)
{
	test_plain();
	test_order();
	test_open();
	test_dialect();
	test_imply();
	test_grants();
#ifdef __x86_64__
	test_compiled();
#else
	SKIP("filters are interpreted as x86-64's only");
#endif
	policy_drop(&policy);
	return test_end();
}
