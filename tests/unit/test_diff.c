/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Differences and unions of profiles: each kind, its words, and what cannot be merged. */
#include <errno.h>
#include <stdlib.h>

#include "emit/emit.h"
#include "policy/diff.h"
#include "policy/policy_merge.h"
#include "test.h"

static struct diff_side side_read(const char *json)
{
	struct policy *policy = xcalloc(1, sizeof(*policy));
	struct policy_defaults *defaults = xcalloc(1, sizeof(*defaults));
	struct err err;

	if (policy_parse(json, strlen(json), policy, defaults, &err)) {
		fprintf(stderr, "%s: %s\n", err.text, json);
		abort();
	}
	return (struct diff_side){.policy = policy, .defaults = defaults};
}

static void side_drop(struct diff_side *side)
{
	policy_drop((struct policy *)side->policy);
	free((void *)side->policy);
	free((void *)side->defaults);
}

static char differences[4096];
static bool has_new, has_lost;

/* The lines between two profiles, and the JSON where it is wanted. */
static const char *told(const char *a, const char *b, bool json)
{
	struct diff_side x = side_read(a), y = side_read(b);
	struct diff diff;
	FILE *out = fmemopen(differences, sizeof(differences), "w");

	diff_make(&x, &y, &diff);
	if (json)
		diff_print_json(&diff, out);
	else
		diff_print(&diff, out);
	fputc('\0', out);
	fclose(out);
	has_new = diff_has_new(&diff);
	diff_keep_lost(&diff);
	has_lost = diff.count > 0;
	diff_drop(&diff);
	side_drop(&x);
	side_drop(&y);
	return differences;
}

#define PROFILE(rules)                                                                             \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"architectures\":[\"SCMP_"  \
	"ARCH_X86_64\"],\"syscalls\":[" rules "]}"
#define ALLOW(name, more)  "{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_ALLOW\"" more "}"
#define ARG(index, value)  "{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_EQ\"}"
#define OVER(index, value) "{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_GT\"}"
#define ARGS(list)         ",\"args\":[" list "]"
#define REFUSE(name, number)                                                                       \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":" #number "}"

static void expect(const char *a, const char *b, const char *lines, bool is_new, bool is_lost,
		   const char *words)
{
	EQ_STR(told(a, b, false), lines, "%s", words);
	EQ(has_new, is_new, "%s: is something new?", words);
	EQ(has_lost, is_lost, "%s: is something lost?", words);
}

static void test_calls(void)
{
	const char *read = PROFILE(ALLOW("read", "")), *write = PROFILE(ALLOW("write", ""));
	const char *one = PROFILE(ALLOW("read", ARGS(ARG(0, 1))));
	const char *two =
		PROFILE(ALLOW("read", ARGS(ARG(0, 1))) "," ALLOW("read", ARGS(ARG(0, 2))));
	const char *three = PROFILE(ALLOW("read", ARGS(ARG(0, 3))));
	const char *both = PROFILE(ALLOW("read", ARGS(ARG(0, 1) "," ARG(1, 5))));

	expect(read, read, "", false, false, "the same");
	expect(read, write, "added: write\nremoved: read\n", true, true, "another call");
	expect(PROFILE(""), one, "added: read where arg0 == 1\n", true, false, "with arguments");
	expect(one, read, "widened: read, was where arg0 == 1; now whatever its arguments are\n",
	       true, false, "any argument");
	expect(read, one, "narrowed: read, was whatever its arguments are; now where arg0 == 1\n",
	       false, true, "one argument");
	expect(one, two, "widened: read, now also where arg0 == 2\n", true, false, "one more");
	expect(two, one, "narrowed: read, no longer where arg0 == 2\n", false, true, "one less");
	expect(one, three, "changed: read, no longer where arg0 == 1; now also where arg0 == 3\n",
	       true, true, "another one");
	expect(one, both, "narrowed: read, no longer where arg0 == 1\n", false, true,
	       "one condition more");
	expect(both, two, "widened: read, now also where arg0 == 1, or arg0 == 2\n", true, false,
	       "one condition less, one alternative more");
}

static void test_answers(void)
{
	const char *none = PROFILE(""), *enosys = PROFILE(REFUSE("clone3", 38));
	const char *eperm = PROFILE(REFUSE("clone3", 1)), *all = PROFILE(ALLOW("clone3", ""));

	expect(none, enosys, "", false, false, "the default answer said again");
	expect(none, eperm, "answer: clone3 was SCMP_ACT_ERRNO ENOSYS, now SCMP_ACT_ERRNO EPERM\n",
	       false, false, "another answer");
	expect(eperm, all, "added: clone3\n", true, false, "allowed instead");
	expect(PROFILE("{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_KILL_PROCESS\"}"), enosys,
	       "answer: clone3 was SCMP_ACT_KILL_PROCESS, now SCMP_ACT_ERRNO ENOSYS\n", false,
	       false, "killed before");
}

static void test_rest(void)
{
	const char *base = PROFILE("");

	expect(base,
	       "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"]"
	       ",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]}",
	       "default: was SCMP_ACT_ERRNO ENOSYS, now SCMP_ACT_ERRNO EPERM\n"
	       "flags: was SPEC_ALLOW, now LOG\n",
	       false, false, "default errno and flags");
	expect(base,
	       "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"]}",
	       "default: was SCMP_ACT_ERRNO ENOSYS, now SCMP_ACT_LOG\n", true, false,
	       "a default that lets through");
	expect("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"architectures\":["
	       "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_MIPS\"]}",
	       "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"architectures\":["
	       "\"SCMP_ARCH_X86\",\"SCMP_ARCH_X86_64\"]}",
	       "architecture added: SCMP_ARCH_X86\narchitecture removed: SCMP_ARCH_MIPS\n", true,
	       true, "architectures");
}

#define OPEN(rules)                                                                                \
	"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"          \
	"\"syscalls\":[" rules "]}"

static void test_open(void)
{
	const char *some =
		OPEN("{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\"" ARGS(ARG(0, 40)) "}");

	expect(OPEN(REFUSE("mount", 1)), OPEN(REFUSE("mount", 1) "," REFUSE("bpf", 1)),
	       "removed: bpf\n", false, true, "one call more is denied");
	expect(OPEN(REFUSE("socket", 1)), some, "added: socket but not where arg0 == 40\n", true,
	       false, "denied with some arguments alone");
	expect(OPEN(""), some,
	       "narrowed: socket, was whatever its arguments are; now but not where arg0 == 40\n",
	       false, true, "denied with some arguments");
	expect(PROFILE(ALLOW("read", "")), OPEN(REFUSE("mount", 1)),
	       "default: was SCMP_ACT_ERRNO ENOSYS, now SCMP_ACT_ALLOW\n"
	       "answer: mount was SCMP_ACT_ERRNO ENOSYS, now SCMP_ACT_ERRNO EPERM\n",
	       true, false, "a list of what is denied instead");
	expect(PROFILE(ALLOW("socket", ARGS(ARG(0, 1)))), some,
	       "default: was SCMP_ACT_ERRNO ENOSYS, now SCMP_ACT_ALLOW\n"
	       "widened: socket, was where arg0 == 1; now but not where arg0 == 40\n"
	       "answer: socket where arg0 == 40 was SCMP_ACT_ERRNO ENOSYS, now SCMP_ACT_ERRNO "
	       "EPERM\n",
	       true, false, "some arguments, all but others");
}

#define MEET(action, args)                                                                         \
	"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_" action "\"" ARGS(args) "}"

/* What is refused for some arguments alone, and how it is answered. */
static void test_answers_of_arguments(void)
{
	const char *killed = MEET("KILL_PROCESS", ARG(0, 40)), *denied = MEET("ERRNO", ARG(0, 40));
	_cleanup_free_ char *open_killed = xasprintf(OPEN("%s"), killed);
	_cleanup_free_ char *open_denied = xasprintf(OPEN("%s"), denied);
	_cleanup_free_ char *closed_killed = xasprintf(PROFILE("%s"), killed);
	_cleanup_free_ char *closed_denied = xasprintf(PROFILE("%s"), denied);

	expect(open_killed, open_denied,
	       "answer: socket where arg0 == 40 was SCMP_ACT_KILL_PROCESS, now SCMP_ACT_ERRNO "
	       "EPERM\n",
	       false, false, "some arguments killed, in an open profile");
	expect(open_killed, open_killed, "", false, false, "... the same");
	expect(closed_killed, closed_denied,
	       "answer: socket where arg0 == 40 was SCMP_ACT_KILL_PROCESS, now SCMP_ACT_ERRNO "
	       "EPERM\n",
	       false, false, "... in a closed one");
	expect(closed_killed, PROFILE(""),
	       "answer: socket where arg0 == 40 was SCMP_ACT_KILL_PROCESS, now SCMP_ACT_ERRNO "
	       "ENOSYS\n",
	       false, false, "... the rule has gone");
	expect(PROFILE(ALLOW("socket", ARGS(ARG(0, 1)))),
	       PROFILE(ALLOW("socket", ARGS(ARG(0, 2))) "," MEET("KILL", ARG(0, 40))),
	       "changed: socket, no longer where arg0 == 1; now also where arg0 == 2\n"
	       "answer: socket where arg0 == 40 was SCMP_ACT_ERRNO ENOSYS, now SCMP_ACT_KILL\n",
	       true, true, "... beside others that are allowed");
	expect(PROFILE(MEET("TRAP", OVER(0, 8)) "," MEET("KILL", OVER(0, 9))),
	       PROFILE(MEET("TRAP", OVER(0, 8)) "," MEET("KILL", OVER(0, 9))), "", false, false,
	       "... the same, one within the other");
	expect(closed_killed, PROFILE(ALLOW("socket", "")), "added: socket\n", true, false,
	       "... allowed instead");
	expect(PROFILE(REFUSE("socket", 38)), PROFILE(MEET("ERRNO", ARG(0, 40))),
	       "answer: socket where arg0 == 40 was SCMP_ACT_ERRNO ENOSYS, now SCMP_ACT_ERRNO "
	       "EPERM\n",
	       false, false, "... some instead of all");
	EQ_STR(told(open_killed, open_denied, true),
	       "{\"new\":false,\"differences\":[\n"
	       "{\"what\":\"answer\",\"new\":false,\"name\":\"socket\",\"where\":[\"arg0 == "
	       "40\"],\"before\":\"SCMP_ACT_KILL_PROCESS\",\"after\":\"SCMP_ACT_ERRNO EPERM\"}\n"
	       "]}\n",
	       "... as JSON");
	expect(OPEN(MEET("KILL", ARG(0, 40) "," ARG(0, 41))),
	       OPEN(MEET("KILL", ARG(0, 41)) "," MEET("TRAP", ARG(0, 40))),
	       "answer: socket where arg0 == 40 was SCMP_ACT_KILL, now SCMP_ACT_TRAP\n", false,
	       false, "... one of two");
	expect(OPEN(MEET("KILL", "{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}")),
	       OPEN(REFUSE("socket", 1)),
	       "answer: socket was SCMP_ACT_KILL, now SCMP_ACT_ERRNO EPERM\n", false, false,
	       "... a condition that always holds");
}

#define LOGGED(rules)                                                                              \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"            \
	"\"syscalls\":[" rules "]}"

/* With SCMP_ACT_LOG everything runs that is not refused. */
static void test_logged(void)
{
	const char *killed = LOGGED(MEET("KILL", ARG(0, 40)));

	expect(LOGGED(REFUSE("mount", 1)), LOGGED(""), "added: mount, now logged by default\n",
	       true, false, "logged: what was refused runs");
	EQ_STR(told(LOGGED(REFUSE("mount", 1)), LOGGED(""), true),
	       "{\"new\":true,\"differences\":[\n"
	       "{\"what\":\"added\",\"new\":true,\"name\":\"mount\",\"before\":\"none\",\"after\":"
	       "\"any\",\"logged\":true,\"callers\":[]}\n]}\n",
	       "... as JSON");
	expect(LOGGED(""), LOGGED(REFUSE("mount", 1)), "removed: mount, was logged by default\n",
	       false, true, "... and no longer");
	expect(LOGGED(REFUSE("mount", 1)), LOGGED(ALLOW("mount", "")), "added: mount\n", true,
	       false, "... and is allowed");
	expect(killed, LOGGED(""),
	       "widened: socket, was but not where arg0 == 40; now whatever its arguments are\n",
	       true, false, "... some arguments were killed");
	expect(killed, LOGGED(MEET("TRAP", ARG(0, 40))),
	       "answer: socket where arg0 == 40 was SCMP_ACT_KILL, now SCMP_ACT_TRAP\n", false,
	       false, "... and are trapped");
	expect(LOGGED(ALLOW("read", "")), LOGGED(ALLOW("read", "") "," ALLOW("write", "")),
	       "added: write\n", true, false, "... what is allowed is more than logged");
	expect(LOGGED(ALLOW("read", "")), LOGGED(ALLOW("read", ARGS(ARG(0, 1)))),
	       "narrowed: read, was whatever its arguments are; now where arg0 == 1\n", false, true,
	       "... with any argument");
	expect(LOGGED(""), PROFILE(ALLOW("read", ARGS(ARG(0, 1)))),
	       "default: was SCMP_ACT_LOG, now SCMP_ACT_ERRNO ENOSYS\nadded: read where arg0 == "
	       "1\n",
	       true, true, "... also than what is refused from now on");
	expect(LOGGED(ALLOW("read", "")), OPEN(""),
	       "default: was SCMP_ACT_LOG, now SCMP_ACT_ALLOW\n", false, false,
	       "... all of it is allowed");
	expect(killed, OPEN(MEET("KILL", ARG(0, 40))),
	       "default: was SCMP_ACT_LOG, now SCMP_ACT_ALLOW\n", false, false,
	       "... but for what stays refused");
}

static void test_json(void)
{
	EQ_STR(told(PROFILE(ALLOW("read", "")),
		    PROFILE(ALLOW("read", ARGS(ARG(0, 1))) "," ALLOW("a\\\"b", "") "," REFUSE("bpf",
											      1)),
		    true),
	       "{\"new\":true,\"differences\":[\n"
	       "{\"what\":\"added\",\"new\":true,\"name\":\"a\\\"b\",\"before\":\"none\",\"after\":"
	       "\"any\",\"callers\":[]},\n"
	       "{\"what\":\"narrowed\",\"new\":false,\"name\":\"read\",\"before\":\"any\","
	       "\"after\":"
	       "{\"where\":[\"arg0 == 1\"]},\"callers\":[]},\n"
	       "{\"what\":\"answer\",\"new\":false,\"name\":\"bpf\",\"before\":\"SCMP_ACT_ERRNO "
	       "ENOSYS\",\"after\":\"SCMP_ACT_ERRNO EPERM\"}\n]}\n",
	       "JSON");
	EQ_STR(told(PROFILE(""), PROFILE(""), true), "{\"new\":false,\"differences\":[]}\n",
	       "JSON of no difference");
}

/* ---- unions ---------------------------------------------------------------------------------- */

/* What merging them comes to, as a profile, or the words of the error. The caller frees it. */
static char *merged(const char *const *texts, size_t count)
{
	struct policy policy = {};
	struct policy_defaults defaults = {};
	struct emit_options options;
	struct err err = {};
	char *text = NULL;
	size_t size, i;
	FILE *out;
	int r = 0;

	for (i = 0; i < count && !r; i++) {
		struct diff_side side = side_read(texts[i]);

		r = policy_take_in(&policy, &defaults, side.policy, side.defaults, &err);
		side_drop(&side);
	}
	if (!r)
		r = policy_defaults_options(&defaults, &options, &err);
	out = open_memstream(&text, &size);
	if (r)
		fputs(err.text, out);
	else
		seccomp_emit(&policy, &options, out, &err);
	fclose(out);
	policy_drop(&policy);
	return text;
}

static void union_is(const char *a, const char *b, const char *want, const char *words)
{
	char *forth = merged((const char *const[]){a, b}, 2);
	char *back = merged((const char *const[]){b, a}, 2);

	EQ_STR(*forth == '{' ? told(forth, want, false) : forth, "", "%s", words);
	EQ_STR(forth, back, "%s: whatever the order", words);
	free(forth);
	free(back);
}

static void union_fails(const char *a, const char *b, const char *want, const char *words)
{
	char *text = merged((const char *const[]){a, b}, 2);

	EQ_STR(text, want, "%s", words);
	free(text);
}

static void test_union(void)
{
	const char *one = PROFILE(ALLOW("read", ARGS(ARG(0, 1))));

	union_is(PROFILE(ALLOW("read", "")), PROFILE(ALLOW("write", "")),
		 PROFILE(ALLOW("read", "") "," ALLOW("write", "")), "both calls");
	union_is(one, PROFILE(ALLOW("read", ARGS(ARG(1, 2)))),
		 PROFILE(ALLOW("read", ARGS(ARG(0, 1))) "," ALLOW("read", ARGS(ARG(1, 2)))),
		 "both alternatives");
	union_is(one, PROFILE(ALLOW("read", "")), PROFILE(ALLOW("read", "")), "any argument");
	union_is(one, PROFILE(REFUSE("read", 1)), one, "what is refused gives way");
	union_is(PROFILE(REFUSE("read", 1)), PROFILE(REFUSE("read", 13)),
		 PROFILE(REFUSE("read", 1)), "one of two answers");
	union_is(PROFILE(ALLOW("read", ARGS("{\"index\":0,\"value\":7,\"op\":\"SCMP_CMP_GT\"}"))),
		 PROFILE(""),
		 PROFILE(ALLOW("read", ARGS("{\"index\":0,\"value\":7,\"op\":\"SCMP_CMP_GT\"}"))),
		 "other operators");
	union_fails(one, OPEN(""),
		    "it is a list of what is denied (defaultAction SCMP_ACT_ALLOW): only lists of "
		    "what is allowed can be merged",
		    "a list of what is denied");
	union_fails(
		one, "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\"}",
		"what it does not name meets SCMP_ACT_KILL_PROCESS, and SCMP_ACT_ERRNO ENOSYS in "
		"the ones before it: one profile cannot say both",
		"another default");
	union_fails(one, PROFILE(ALLOW("a b", "")), "\"a b\" is no system call's name", "a name");
	union_fails("{\"defaultAction\":\"SCMP_ACT_KILL\"}",
		    "{\"defaultAction\":\"SCMP_ACT_KILL\"}",
		    "defaultAction SCMP_ACT_KILL cannot be written here", "a thread is killed");
}

static void test_union_of_refusals(void)
{
	const char *some = PROFILE(MEET("KILL_PROCESS", ARG(0, 40)));
	const char *more = PROFILE(MEET("TRAP", ARG(0, 40)) "," MEET("TRAP", ARG(0, 41)));

	union_is(some, PROFILE(ALLOW("read", "")),
		 PROFILE(ALLOW("read", "") "," MEET("KILL_PROCESS", ARG(0, 40))),
		 "some arguments are refused in one");
	union_is(some, more, PROFILE(MEET("KILL_PROCESS", ARG(0, 40)) "," MEET("TRAP", ARG(0, 41))),
		 "one of two answers for the same arguments");
	union_is(more, PROFILE(ALLOW("socket", ARGS(ARG(0, 41)))),
		 PROFILE(MEET("TRAP", ARG(0, 40)) "," ALLOW("socket", ARGS(ARG(0, 41)))),
		 "refused arguments give way where another one allows them");
	union_is(more, PROFILE(ALLOW("socket", "")), PROFILE(ALLOW("socket", "")), "... or all");
	union_is(PROFILE(REFUSE("socket", 13)), some, some, "all give way to some");
	union_is(PROFILE(MEET("ERRNO", ARG(0, 40))), PROFILE(""),
		 PROFILE(MEET("ERRNO", ARG(0, 40))), "an errno of their own");
	union_fails(
		PROFILE("{\"names\":[\"a b\"],\"action\":\"SCMP_ACT_KILL\"" ARGS(ARG(0, 1)) "}"),
		some, "\"a b\" is no system call's name", "the name of one that is refused");
}

/* Where the default lets calls run, what is refused is what both refuse. */
static void test_union_logged(void)
{
	const char *some = LOGGED(MEET("KILL", ARG(0, 40)));
	const char *narrow = LOGGED(MEET("TRAP", ARG(0, 40) "," ARG(1, 2)));
	_cleanup_free_ char *same = merged(&some, 1);

	EQ_STR(told(same, some, false), "", "logged by default: what is refused stays");
	union_is(some, LOGGED(""), LOGGED(""), "... but not what only one refuses");
	union_is(LOGGED(REFUSE("socket", 1)), LOGGED(""), LOGGED(""), "... whatever the arguments");
	union_is(LOGGED(REFUSE("socket", 1)), LOGGED(REFUSE("socket", 1)),
		 LOGGED(REFUSE("socket", 1)), "... both do");
	union_is(LOGGED(REFUSE("socket", 1)), some, some, "... one all, and the other some");
	union_is(some, LOGGED(MEET("KILL", ARG(0, 41))), LOGGED(""), "... others");
	union_is(LOGGED(MEET("KILL", ARG(0, 40)) "," MEET("KILL", ARG(0, 41))), narrow, narrow,
		 "... the narrower one");
	union_is(LOGGED(MEET("KILL", ARG(0, 40)) "," MEET("KILL", ARG(0, 41))),
		 LOGGED(ALLOW("socket", ARGS(ARG(0, 41))) "," MEET("KILL", ARG(0, 40))),
		 LOGGED(ALLOW("socket", ARGS(ARG(0, 41))) "," MEET("KILL", ARG(0, 40))),
		 "... and nothing that one allows");
	union_fails(some, LOGGED(MEET("KILL", ARG(1, 40))),
		    "socket is refused with some arguments, and with others that overlap them in "
		    "the ones before it: no profile can say what both refuse",
		    "... which cannot be said of those that overlap");
}

int main(void)
{
	test_calls();
	test_answers();
	test_rest();
	test_open();
	test_answers_of_arguments();
	test_logged();
	test_json();
	test_union();
	test_union_of_refusals();
	test_union_logged();
	return test_end();
}
