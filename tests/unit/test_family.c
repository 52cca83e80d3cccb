/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls that stand in for each other: the table against the tables of system calls, and what comes of
 * it, which is never riskier than what was seen, never wider in its arguments, and never instead of it.
 */
#include <stdlib.h>

#include "named.h"
#include "test.h"
#include "util/util.h"

#define ROUNDS 300

/* ---- the table ------------------------------------------------------------------------------- */

static bool is_known(const char *name)
{
	uint32_t nr;

	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (syscall_number(abi, name, &nr))
			return true;
	return false;
}

static void test_rows(void)
{
	size_t unknown = 0, disorder = 0, bare = 0, alone = 0, i, k;

	for (i = 0; i < equivalent_count; i++) {
		const struct equivalent_row *row = &equivalent_rows[i], *last = i ? row - 1 : NULL;
		int order = last ? strcmp(last->group, row->group) : -1;
		bool asks = false, comes = false;

		unknown += !is_known(row->name);
		disorder += order > 0 || (!order && strcmp(last->name, row->name) >= 0);
		bare += strlen(row->why) < 5 || row->level < FAMILIES_NONE ||
			row->level > FAMILIES_FULL || (!row->asks && row->level == FAMILIES_NONE);
		for (k = 0; k < equivalent_count; k++) {
			if (strcmp(equivalent_rows[k].group, row->group) != 0 || k == i)
				continue;
			asks |= equivalent_rows[k].asks;
			comes |= equivalent_rows[k].level != FAMILIES_NONE;
		}
		alone += !(row->asks ? comes : asks);
	}
	CHECK(equivalent_count > 200, "there are rows");
	EQ(unknown, 0, "each is a call of some machine");
	EQ(disorder, 0, "they stand by group, then by name, each once");
	EQ(bare, 0, "each has a reason, and does something");
	EQ(alone, 0, "each has another one that it is for");
	CHECK(equivalent_row("openat", "open", FAMILIES_LIBC) &&
		      !equivalent_row("open", "open", FAMILIES_FULL) &&
		      !equivalent_row("mkdir", "mkdirat", FAMILIES_LIBC) &&
		      equivalent_row("mkdir", "mkdirat", FAMILIES_FULL) &&
		      !equivalent_row("openat", "creat", FAMILIES_FULL),
	      "a row is found by the call that asks for it, from its level on");
	CHECK(!equivalent_row("execve", "execveat", FAMILIES_FULL), "execveat never comes in");
}

static void test_words(void)
{
	enum families found = FAMILIES;

	for (enum families families = 0; families < FAMILIES; families++)
		CHECK(families_from_name(families_name(families), &found) && found == families,
		      "families %s by its name", families_name(families));
	CHECK(!families_from_name("all", &found) && found == FAMILIES_FULL &&
		      !families_name(FAMILIES),
	      "and no other");
}

/* What x86-64 has and an ABI lacks, and no other call of that ABI does: all of it is x86's own, or
 * gone. */
static void test_translation(void)
{
	static const char *const nobody[] = {
		"_sysctl",         "afs_syscall",    "arch_prctl", "create_module",
		"epoll_ctl_old",   "epoll_wait_old", "fadvise64",  "get_kernel_syms",
		"get_thread_area", "getpmsg",        "ioperm",     "iopl",
		"kexec_file_load", "memfd_secret",   "modify_ldt", "nfsservctl",
		"putpmsg",         "query_module",   "security",   "set_thread_area",
		"sysfs",           "tuxcall",        "uprobe",     "uretprobe",
		"uselib",          "ustat",          "vserver",
	};
	uint32_t nr, other;
	size_t i;

	for (enum abi abi = ABI_I386; abi < ABI_COUNT; abi++) {
		size_t missing = 0, translated = 0;

		for (nr = 0; nr < 600; nr++) {
			const char *name = syscall_name(ABI_X86_64, nr);
			bool found = !name || syscall_number(abi, name, &other);

			for (i = 0; i < ARRAY_SIZE(nobody) && !found; i++)
				found = !strcmp(nobody[i], name);
			if (found)
				continue;
			for (i = 0; i < equivalent_count && !found; i++)
				found = syscall_number(abi, equivalent_rows[i].name, &other) &&
					equivalent_row(name, equivalent_rows[i].name,
						       FAMILIES_FULL);
			translated += found;
			missing += !found;
			if (!found)
				printf("  %s\n", name);
		}
		EQ(missing, 0, "each of x86-64's that %s lacks has one that does it (%zu)",
		   abi_name(abi), translated);
	}
}

/* ---- what comes in --------------------------------------------------------------------------- */

static void test_levels(void)
{
	begin("x86_64", ARGS_SAFE);
	call(ABI_X86_64, "openat");
	call(ABI_X86_64, "mkdir");
	call(ABI_X86_64, "clock_adjtime");
	make((struct emit_options){});
	EQ_STR(rule_text("open"), "any", "libc: open in place of openat");
	EQ_STR(policy_find(&policy, "open")->because, "openat", "... and that is known");
	EQ(policy_find(&policy, "open")->reason, REASON_FAMILY, "... as its reason");
	EQ_STR(rule_text("fcntl"), "arg1 == 2", "... fcntl for what musl's open asks of it");
	EQ_STR(rule_text("creat"), "absent", "... and not creat, which asks only");
	EQ_STR(rule_text("mkdirat"), "absent", "libc: no mkdirat where there is mkdir");
	EQ_STR(rule_text("fcntl64"), "absent", "libc: nothing that x86-64 lacks");
	make((struct emit_options){.families = FAMILIES_FULL});
	EQ_STR(rule_text("mkdirat"), "any", "full: mkdirat in place of mkdir");
	EQ_STR(rule_text("fcntl64"), "arg1 == 2", "full: what 32-bit ABIs have");
	EQ_STR(rule_text("adjtimex"), "any", "a call of a lower tier comes in");
	make((struct emit_options){.families = FAMILIES_NONE});
	EQ(policy.rule_count, 3, "none: nothing");
	make((struct emit_options){.exact = true});
	EQ(policy.rule_count, 3, "--exact: nothing");

	begin("x86_64", ARGS_SAFE);
	call(ABI_X86_64, "adjtimex");
	make((struct emit_options){.families = FAMILIES_FULL});
	EQ(policy.rule_count, 1, "nothing of a higher tier comes in");

	begin("i686", ARGS_SAFE);
	call(ABI_I386, "stat64");
	make((struct emit_options){});
	CHECK(policy_allows(&policy, "statx") && policy_allows(&policy, "lstat64") &&
		      !policy_allows(&policy, "newfstatat"),
	      "libc on i386: what i386 has");
}

static void test_arguments(void)
{
	begin("x86_64", ARGS_ALL);
	call(ABI_X86_64, "fork");
	make((struct emit_options){});
	EQ_STR(rule_text("clone"), "(arg0 & 0x7e020000) == 0x0",
	       "clone comes in without namespaces");
	EQ_STR(rule_text("clone3"), "refused", "clone3 comes in refused");
	CHECK(policy_find(&policy, "clone3")->reason == REASON_FAMILY, "... in place of fork");
	make((struct emit_options){.no_args = true});
	EQ_STR(rule_text("clone"), "(arg0 & 0x7e020000) == 0x0", "... with --args=none too");

	begin("x86_64", ARGS_ALL);
	call(ABI_X86_64, "clone3");
	make((struct emit_options){});
	EQ_STR(rule_text("clone3"), "any", "clone3 that was seen with what is not known stays");

	begin("x86_64", ARGS_ALL);
	call(ABI_X86_64, "write");
	make((struct emit_options){});
	EQ_STR(rule_text("ioctl"),
	       "arg1 == 21505 or arg1 == 21523 or arg1 == 21531 or arg1 == 21537 or "
	       "arg1 == 21584 or arg1 == 21585",
	       "ioctl comes in for stdio's questions");

	begin("x86_64", ARGS_ALL);
	call_with(ABI_X86_64, "tgkill", 2, 6);
	make((struct emit_options){});
	EQ_STR(rule_text("tkill"), "arg1 == 6", "tgkill's signal is tkill's");
	begin("x86_64", ARGS_ALL);
	call_with(ABI_X86_64, "tgkill", 2, 6);
	call_with(ABI_X86_64, "tkill", 1, 9);
	make((struct emit_options){});
	EQ_STR(rule_text("tkill"), "arg1 == 6 or arg1 == 9", "... beside the one that was seen");
	EQ(policy_find(&policy, "tkill")->reason, REASON_OBSERVED, "... which stays observed");

	begin("i686", ARGS_ALL);
	call_with(ABI_I386, "fcntl", 1, 1030);
	call_with(ABI_I386, "mmap2", 2, 1);
	make((struct emit_options){});
	EQ_STR(rule_text("fcntl64"), "arg1 == 2 or arg1 == 1030", "fcntl's commands are fcntl64's");
	EQ_STR(rule_text("mmap"), "(arg2 & 0x2) == 0x0 or (arg2 & 0x4) == 0x0",
	       "mmap2's protections are mmap's");

	begin("x86_64", ARGS_ALL);
	call_with(ABI_X86_64, "arch_prctl", 0, 0x1002);
	make((struct emit_options){});
	EQ_STR(rule_text("prlimit64"), "arg1 == 3",
	       "arch_prctl's code is not prlimit64's resource");
	begin("x86_64", ARGS_ALL);
	call(ABI_X86_64, "getrlimit");
	call_with(ABI_X86_64, "prlimit64", 1, 7);
	make((struct emit_options){});
	EQ_STR(rule_text("prlimit64"), "any", "getrlimit's resource is, which nobody looks at");

	begin("x86_64", ARGS_ALL);
	call(ABI_X86_64, "brk");
	call_with(ABI_X86_64, "mmap", 2, 6);
	make((struct emit_options){.families = FAMILIES_FULL});
	EQ_STR(rule_text("mmap2"), "any", "... also where they were writable and executable");
	begin("x86_64", ARGS_ALL);
	call(ABI_X86_64, "arch_prctl");
	make((struct emit_options){});
	EQ_STR(rule_text("mprotect"), "(arg2 & 0x2) == 0x0 or (arg2 & 0x4) == 0x0",
	       "mprotect comes in for one of them at a time");
}

/* ---- what always holds ----------------------------------------------------------------------- */

/* Each has its row, and is no riskier than what it stands in for. */
static bool is_justified(const struct policy *of)
{
	for (size_t i = 0; i < of->rule_count; i++) {
		const struct rule *rule = &of->rules[i];
		enum tier asked;

		if (rule->reason != REASON_FAMILY)
			continue;
		asked = tier_of(rule->because);
		if (!policy_find(of, rule->because) ||
		    (!rule->is_refused &&
		     tier_of(rule->name) > (asked > TIER_INFO ? asked : TIER_INFO)) ||
		    !equivalent_row(rule->because, rule->name, FAMILIES_FULL))
			return false;
	}
	return true;
}

static void test_properties(void)
{
	struct policy made[3] = {};
	uint64_t rounds = made_rounds(ROUNDS), number, wider = 0, unjustified = 0, added = 0;
	struct err err;
	int i;

	for (number = 0; number < rounds; number++) {
		struct model *model = made_recording(number, 0);

		model_seal(model);
		for (i = 0; i < 3; i++) {
			struct emit_options options = {.families = FAMILIES_NONE + i};

			if (policy_make(model, &options, &made[i], &err))
				abort();
		}
		wider += !is_within(&made[0], &made[1]) || !is_within(&made[1], &made[2]);
		unjustified += !is_justified(&made[1]) || !is_justified(&made[2]);
		added += made[2].rule_count - made[0].rule_count;
		for (i = 0; i < 3; i++)
			policy_drop(&made[i]);
		model_free(model);
	}
	EQ(wider, 0, "none is within libc, and libc within full, on %llu recordings",
	   (unsigned long long)rounds);
	EQ(unjustified, 0, "what comes in has a row, and no higher tier");
	CHECK(added > rounds, "... and something does");
}

int main(void)
{
	test_rows();
	test_words();
	test_translation();
	test_levels();
	test_arguments();
	test_properties();
	end();
	return test_end();
}
