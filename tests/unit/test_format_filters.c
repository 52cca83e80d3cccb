/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Formats for those who load filters themselves: minijail's policy, by the grammar of minijail0(5),
 * Firejail's lines, C and classic BPF.
 */
#include <errno.h>

#include "formats.h"
#include "profile/filter_answer.h"
#include "random.h"

/* ---- minijail ----------------------------------------------------------------------------- */

/* One "argN OP NUMBER" of minijail0(5), moved over; -1: it is none. */
static int atom_holds(const char **at, const uint64_t *args)
{
	static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">", "&", "in"};
	const char *c = *at;
	uint64_t got, number;
	size_t i;
	char *end;

	if (strncmp(c, "arg", 3) != 0 || c[3] < '0' || c[3] > '5' || c[4] != ' ')
		return -1;
	got = args[c[3] - '0'];
	c += 5;
	for (i = 0; i < ARRAY_SIZE(signs); i++)
		if (!strncmp(c, signs[i], strlen(signs[i])) && c[strlen(signs[i])] == ' ')
			break;
	if (i == ARRAY_SIZE(signs))
		return -1;
	c += strlen(signs[i]) + 1;
	errno = 0;
	number = strtoull(c, &end, 0);
	if (end == c || errno)
		return -1;
	*at = end;
	switch (i) {
	case 0:
		return got == number;
	case 1:
		return got != number;
	case 2:
		return got <= number;
	case 3:
		return got >= number;
	case 4:
		return got < number;
	case 5:
		return got > number;
	case 6:
		return (got & number) != 0;
	default:
		return (got & ~number) == 0;
	}
}

/* "A && B || C && D", to the end of the text; -1: it is none. */
static int expression_holds(const char *text, const uint64_t *args)
{
	int any = 0, all = 1, one;

	for (;;) {
		one = atom_holds(&text, args);
		if (one < 0)
			return -1;
		all &= one;
		if (!strncmp(text, " && ", 4)) {
			text += 4;
			continue;
		}
		any |= all;
		all = 1;
		if (!*text)
			return any;
		if (strncmp(text, " || ", 4) != 0)
			return -1;
		text += 4;
	}
}

static void test_minijail(void)
{
	char *text = emitted_of_server(minijail_emit), *line;
	static char *lines[LINES_MAX];
	const uint64_t args[6] = {};
	size_t count, i;

	CHECK(strstr(text, "\nread: 1\n"), "minijail: a call that is allowed");
	CHECK(strstr(text, "\nclone3: return 38\n"), "minijail: one that meets an errno");
	line = line_of(text, "clone: ");
	EQ_STR(line, "arg0 in 0xffffffff81fdffff", "minijail: no bit of a mask");
	free(line);
	line = line_of(text, "ptrace: ");
	EQ_STR(line, "arg0 == 0x8000000000000000", "minijail: a number of 64 bits");
	free(line);
	CHECK(strstr(warnings, "minijail ends the process"), "minijail: that it kills is told");
	count = line_split(text, lines);
	for (i = 0; i < count; i++) {
		const char *policy = strstr(lines[i], ": ");

		if (*lines[i] == '#')
			continue;
		if (!policy || (strcmp(policy, ": 1") != 0 && strcmp(policy, ": return 38") != 0 &&
				expression_holds(policy + 2, args) < 0))
			break;
	}
	EQ(i, count, "minijail: every line is one of minijail0(5): %s", i < count ? lines[i] : "");
	free(text);
}

static bool alternatives_hold(const struct rule *rule, const uint64_t *args)
{
	size_t i;

	for (i = 0; i < rule->alternative_count; i++) {
		const struct alternative *alternative = &rule->alternatives[i];
		bool all = true;
		unsigned int k;

		for (k = 0; k < alternative->count; k++)
			all &= (args[alternative->list[k].index] & alternative->list[k].mask) ==
			       alternative->list[k].value;
		if (all)
			return true;
	}
	return false;
}

/* Mask and equality in minijail's operators: whatever the masks, the values and the arguments. */
static void test_minijail_property(void)
{
	size_t wrong = 0, held = 0;
	int round, k;

	for (round = 0; round < 5000; round++) {
		struct policy policy = {.abis = {true}, .is_native = {true}};
		uint64_t mask = random_below(2) ? random_bits() & random_bits() & random_bits()
						: random_bits(),
			 args[6];
		char *text, *line;

		mask = mask ? mask : 1;
		allow_when(&policy, "ioctl", masked(random_below(6), mask, mask & random_bits()));
		allow_when(&policy, "ioctl", masked(random_below(6), mask, mask & random_bits()));
		policy_settle(&policy, &options);
		text = emitted(minijail_emit, &policy);
		line = line_of(text, "ioctl: ");
		for (k = 0; k < 6; k++)
			args[k] = random_bits();
		/* Arguments that hold are rare by chance. */
		if (random_below(2)) {
			const struct condition *one = policy.rules[0].alternatives[0].list;

			args[one->index] &= ~one->mask;
			args[one->index] |= one->value;
		}
		held += alternatives_hold(&policy.rules[0], args);
		wrong += expression_holds(line, args) != alternatives_hold(&policy.rules[0], args);
		free(line);
		free(text);
		policy_drop(&policy);
	}
	CHECK(held > 1000 && held < 4500, "minijail: arguments that hold, and that do not");
	EQ(wrong, 0, "minijail: 5000 expressions say what the conditions say");
}

/* ---- Firejail, C, classic BPF ------------------------------------------------------------- */

static void test_firejail(void)
{
	struct policy policy = server("web");
	char *text = emitted(firejail_emit, &policy), *line;

	line = line_of(text, "seccomp.keep ");
	CHECK(line && strstr(line, ",read,") && strstr(line, ",$462,") && !strstr(line, "mseal"),
	      "firejail: names, and numbers for those that it may not know: %s", line);
	free(line);
	CHECK(strstr(text, "\nseccomp-error-action ENOSYS\n"), "firejail: the answer to the rest");
	CHECK(strstr(text, "\nseccomp.block-secondary\n"), "firejail: no calls of another ABI");
	free(text);
	policy.abis[ABI_I386] = true;
	text = emitted(firejail_emit, &policy);
	CHECK(!strstr(text, "block-secondary") && strstr(warnings, "all of them pass"),
	      "firejail: that i386 cannot be filtered is told");
	free(text);
	policy_drop(&policy);
}

static void test_c(void)
{
	char *text = emitted_of_server(c_emit);

	CHECK(strstr(text, "\t{\"read\", 0, SCMP_ACT_ALLOW, 0, {{0}}},\n"), "c: a call");
	CHECK(strstr(text, "\t{\"clone\", 56, SCMP_ACT_ALLOW, 1, "
			   "{{0, SCMP_CMP_MASKED_EQ, 0x7e020000u, 0x0u}}},\n"),
	      "c: one with a condition");
	CHECK(strstr(text, "\t{\"clone3\", 435, SCMP_ACT_ERRNO(38), 0, {{0}}},\n"),
	      "c: one that is refused");
	CHECK(strstr(text, "leastcall_archs[] = {SCMP_ARCH_X86_64, };"), "c: the architecture");
	free(text);
}

static void test_compiled(void)
{
	struct policy policy = server("web");
	struct seccomp_data data = {.arch = 0xc000003e};
	struct filter filter = {};
	struct err err = {};
	char *code = NULL, *text;
	size_t size;
	FILE *out = xmemstream(&code, &size);

	EQ(bpf_emit(&policy, &options, out, &err), 0, "bpf: it compiles: %s", err.text);
	fclose(out);
	EQ(size % sizeof(*filter.code), 0, "bpf: whole instructions");
	filter = (struct filter){(void *)code, (unsigned short)(size / sizeof(*filter.code))};
	data.nr = 0;
	EQ(filter_answer(&filter, &data), SECCOMP_RET_ALLOW, "bpf: read is allowed");
	data.nr = 462;
	EQ(filter_answer(&filter, &data), SECCOMP_RET_ALLOW,
	   "bpf: a call that is newer than libseccomp, too");
	data.nr = 83;
	EQ(filter_answer(&filter, &data), SECCOMP_RET_ERRNO | ENOSYS, "bpf: mkdir is not");
	free(code);
	text = emitted(pfc_emit, &policy);
	CHECK(strstr(text, "# pseudo filter code start") && strstr(text, "action ERRNO(38);"),
	      "pfc: libseccomp's text");
	free(text);
	policy_drop(&policy);
}

int main(void)
{
	test_minijail();
	test_minijail_property();
	test_firejail();
	test_c();
	test_compiled();
	return test_end();
}
