/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A drop-in for a systemd service: systemd.exec(5), "System Call Filtering". The allowed calls are
 * covered by systemd's own groups where every call of a group is allowed; what systemd allows by
 * itself (@default) and the policy does not, is taken away again by a list that begins with ~. It
 * looks at no arguments, but has words of its own for some of them.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "systemd_groups.h"

#define DEFAULT_GROUP "@default"
#define LINE_WIDTH    96

/* systemd.exec(5), "SystemCallArchitectures=". */
static const char *const abi_words[ABI_COUNT] = {
	[ABI_X86_64] = "x86-64", [ABI_I386] = "x86", [ABI_X32] = "x32",
	[ABI_AARCH64] = "arm64", [ABI_ARM] = "arm",  [ABI_RISCV64] = "riscv64",
};

/* Does a list that names the call allow nothing by that, as no ABI of the policy has it? What nobody
 * knows may be anything. */
static bool is_void(const struct policy *policy, const char *name)
{
	bool is_known = seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
	enum abi abi;
	uint32_t number;

	for (abi = 0; abi < ABI_COUNT; abi++) {
		bool is_there = syscall_number(abi, name, &number) ||
				seccomp_syscall_resolve_name_arch(abi_scmp_token(abi), name) >= 0;

		if (is_there && policy->abis[abi])
			return false;
		is_known |= is_there;
	}
	return is_known;
}

static bool group_fits(const struct policy *policy, const struct systemd_group *group)
{
	size_t i;

	for (i = 0; i < group->members.count; i++)
		if (!policy_allows(policy, group->members.list[i]) &&
		    !is_void(policy, group->members.list[i]))
			return false;
	return group->members.count > 0;
}

/* How many of the left names the group would cover. */
static size_t group_covers(const struct systemd_group *group, const struct names *left)
{
	size_t count = 0, i;

	for (i = 0; i < left->count; i++)
		count += names_have(&group->members, left->list[i]);
	return count;
}

static void names_take_away(struct names *names, const struct names *gone)
{
	size_t used = 0, i;

	for (i = 0; i < names->count; i++)
		if (!names_have(gone, names->list[i]))
			names->list[used++] = names->list[i];
	names->count = used;
}

/* Always the group that covers most of what is left, the first by name among equals, as long as it
 * says more than one name would. Of groups and names; what is in `always` needs no further word. */
static void cover_make(const struct policy *policy, const struct systemd_groups *groups,
		       const struct systemd_group *always, struct names *ret_words)
{
	const struct systemd_group *best;
	struct names left = {};
	size_t covers, i;

	*ret_words = (struct names){};
	for (i = 0; i < policy->rule_count; i++)
		if (!policy->rules[i].is_refused)
			names_add(&left, policy->rules[i].name);
	names_settle(&left);
	if (always)
		names_take_away(&left, &always->members);
	do {
		best = NULL;
		covers = 1;
		for (i = 0; i < groups->count; i++) {
			size_t count = group_covers(&groups->list[i], &left);

			if ((count > covers || (count == covers && best &&
						strcmp(groups->list[i].name, best->name) < 0)) &&
			    group_fits(policy, &groups->list[i])) {
				best = &groups->list[i];
				covers = count;
			}
		}
		if (best) {
			names_add(ret_words, best->name);
			names_take_away(&left, &best->members);
		}
	} while (best);
	if (always)
		names_add(ret_words, always->name);
	for (i = 0; i < left.count; i++)
		names_add(ret_words, left.list[i]);
	names_settle(ret_words);
	names_drop(&left);
}

/* What systemd would allow by itself, and the policy does not. Without execve it could start nothing;
 * and what libseccomp does not know by name, systemd can neither allow nor take away. */
static void excess_find(const struct policy *policy, const struct systemd_group *always,
			struct names *ret)
{
	size_t i;

	*ret = (struct names){};
	for (i = 0; always && i < always->members.count; i++) {
		const char *name = always->members.list[i];

		if (strcmp(name, "execve") != 0 && !policy_allows(policy, name) &&
		    !is_void(policy, name) && seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR)
			names_add(ret, name);
	}
	names_settle(ret);
}

/* KEY=WORD WORD ..., in as many lines as it takes; each line adds to the list. */
static void words_print(const char *key, const struct names *words, FILE *out)
{
	size_t width = 0, i;

	for (i = 0; i < words->count; i++) {
		if (width && width + strlen(words->list[i]) >= LINE_WIDTH) {
			fputc('\n', out);
			width = 0;
		}
		width += (size_t)fprintf(out, "%s%s", width ? " " : key, words->list[i]);
	}
	if (width)
		fputc('\n', out);
}

/* Every kind of arguments of the call has a condition on this one, of the mask. */
static bool all_have(const struct rule *rule, unsigned int index, uint64_t mask)
{
	size_t i;

	for (i = 0; i < rule->alternative_count; i++) {
		const struct alternative *alternative = &rule->alternatives[i];
		unsigned int k;

		for (k = 0; k < alternative->count; k++)
			if (alternative->list[k].index == index &&
			    alternative->list[k].compare == COMPARE_MASKED &&
			    alternative->list[k].mask == mask)
				break;
		if (k == alternative->count)
			return false;
	}
	return rule->alternative_count > 0;
}

static bool only_value(const struct rule *rule, uint64_t value)
{
	size_t i;

	for (i = 0; i < rule->alternative_count; i++)
		if (rule->alternatives[i].list[0].value != value)
			return false;
	return true;
}

/* RestrictAddressFamilies=AF_INET ...: the families of socket's rules, where all have names. */
static void families_print(const struct policy *policy, FILE *out)
{
	const struct rule *rule = policy_find(policy, "socket");
	_cleanup_free_ char *words = NULL;
	struct names names = {};
	const char *word;
	size_t i, size;
	FILE *list;
	char *c;

	if (!rule || rule->is_refused || !all_have(rule, 0, UINT32_MAX))
		return;
	for (i = 0; i < rule->alternative_count; i++) {
		word = family_name((uint32_t)rule->alternatives[i].list[0].value);
		if (!word)
			break;
		names_add(&names, word);
	}
	names_settle(&names);
	list = xmemstream(&words, &size);
	for (size_t k = 0; k < names.count; k++)
		fprintf(list, " AF_%s", names.list[k]);
	fclose(list);
	names_drop(&names);
	for (c = words; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c -= 'a' - 'A';
	if (i == rule->alternative_count)
		fprintf(out, "RestrictAddressFamilies=%s\n", words + 1);
}

/* The words that systemd has for arguments: those that the policy implies. MemoryDenyWriteExecute= is
 * none: it also denies what mprotect does to pages that cannot be written. */
static void restrictions_print(const struct policy *policy, FILE *out)
{
	const struct args_row *clone = args_row("clone"), *personality = args_row("personality");
	const struct rule *rule = policy_find(policy, "clone");

	families_print(policy, out);
	if (!policy_allows(policy, "unshare") && !policy_allows(policy, "setns") &&
	    !policy_allows(policy, "clone3") && rule && !rule->is_refused &&
	    all_have(rule, 0, clone->masks[0]) && only_value(rule, 0))
		fputs("RestrictNamespaces=yes\n", out);
	rule = policy_find(policy, "personality");
	/* 0xffffffff asks, and changes nothing. */
	if (!rule || rule->is_refused ||
	    (all_have(rule, 0, personality->masks[0]) && only_value(rule, UINT32_MAX)))
		fputs("LockPersonality=yes\n", out);
}

static void architectures_print(const struct policy *policy, FILE *out)
{
	enum abi abi, own = policy_abi(policy);

	fprintf(out, "SystemCallArchitectures=%s",
		policy->is_native[own] ? "native" : abi_words[own]);
	for (abi = 0; abi < ABI_COUNT; abi++)
		if (policy->abis[abi] && abi != own)
			fprintf(out, " %s", abi_words[abi]);
	fputc('\n', out);
}

static void refusal_print(const struct policy *policy, const struct emit_options *options,
			  FILE *out)
{
	uint32_t errnum = options->errnum ? options->errnum : ENOSYS;

	if (options->refusal == REFUSAL_ERRNO) {
		if (errno_name(errnum))
			fprintf(out, "SystemCallErrorNumber=%s\n", errno_name(errnum));
		else
			fprintf(out, "SystemCallErrorNumber=%u\n", errnum);
		if (errnum != ENOSYS)
			warn_refused(policy, options, "systemd", "that errno");
		return;
	}
	if (options->refusal == REFUSAL_LOG)
		return;
	/* The signal can be caught by nobody here: systemd kills the process. */
	if (options->refusal == REFUSAL_TRAP && options->warn)
		options->warn(options->warn_ctx,
			      "systemd has no trap: what is not allowed ends the process");
	warn_refused(policy, options, "systemd", "its end");
}

int systemd_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
		 struct err *err)
{
	static const struct systemd_groups none;
	const struct systemd_groups *groups = options->systemd ? options->systemd : &none;
	_cleanup_free_ char *title = policy_title(policy);
	const struct systemd_group *always = NULL;
	bool is_log = options->refusal == REFUSAL_LOG;
	struct names words, excess;

	(void)err;
	/* What is logged has no defaults. */
	if (!is_log)
		always = systemd_group_find(groups, DEFAULT_GROUP);
	cover_make(policy, groups, always, &words);
	excess_find(policy, always, &excess);
	fprintf(out, "# %s. A drop-in: UNIT.d/seccomp.conf.\n", title);
	if (groups->count)
		fputs("# Groups (@...) are as the systemd at hand has them: newer ones hold "
		      "more.\n",
		      out);
	else
		fputs("# No systemd was at hand: what it allows by itself (@default) stays "
		      "allowed.\n",
		      out);
	fputs("# No arguments are looked at, but where a line below says so.\n[Service]\n"
	      "NoNewPrivileges=yes\n",
	      out);
	architectures_print(policy, out);
	refusal_print(policy, options, out);
	if (is_log) {
		/* One list, which is inverted: what it does not name is logged. */
		words_print("SystemCallLog=~", &words, out);
	} else {
		words_print("SystemCallFilter=", &words, out);
		words_print("SystemCallFilter=~", &excess, out);
		restrictions_print(policy, out);
	}
	if (!groups->count && options->warn)
		options->warn(options->warn_ctx,
			      "there is no systemd-analyze here: names only, and what systemd "
			      "allows by itself stays allowed");
	warn_arguments(policy, options, "systemd");
	names_drop(&words);
	names_drop(&excess);
	return 0;
}
