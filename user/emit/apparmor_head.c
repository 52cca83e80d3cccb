/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a profile's reader must know before trusting it: which runs it comes from, what was lost,
 * and which calls were made whose objects a recording does not hold. Makes no rules.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_head.h"
#include "apparmor_text.h"
#include "policy/call.h"

#define LISTED_MAX 10

/*
 * Calls that need a rule which the recording can't give, where they succeed. AppArmor's hooks:
 * security/apparmor/lsm.c. By name.
 */
static const char *const unrecorded_paths[] = {
	"chmod",     "chown",    "chown32",    "fchmod",    "fchmodat",    "fchmodat2",
	"fchown",    "fchown32", "fchownat",   "ftruncate", "ftruncate64", "lchown",
	"lchown32",  "link",     "linkat",     "mkdir",     "mkdirat",     "mknod",
	"mknodat",   "rename",   "renameat",   "renameat2", "rmdir",       "symlink",
	"symlinkat", "truncate", "truncate64", "unlink",    "unlinkat",
};

/*
 * Calls that need another letter on a path that was opened before, for some of their arguments:
 * fcntl where it locks, mprotect where it makes a file's pages executable.
 */
static const char *const unrecorded_letters[] = {"fcntl", "fcntl64", "flock", "mprotect",
						 "pkey_mprotect"};

static const char *const unwritten_rules[] = {
	"io_uring_enter",
	"kill",
	"mount",
	"move_mount",
	"mq_open",
	"pidfd_send_signal",
	"pivot_root",
	"process_vm_readv",
	"process_vm_writev",
	"ptrace",
	"rt_sigqueueinfo",
	"rt_tgsigqueueinfo",
	"umount",
	"umount2",
};

/* With a unix socket these may name a path. */
static const char *const unix_paths[] = {"bind", "connect"};

/* The runs that tell of the workload. */
static void runs_gather(const struct model *model, const char *workload, struct names *ret)
{
	const struct fact *facts;
	const char *last = NULL;
	size_t count, i;
	int kind;

	for (kind = 0; kind < FACT_KINDS; kind++) {
		count = model_facts(model, kind, &facts);
		for (i = 0; i < count; i++) {
			if (!facts[i].run || !facts[i].workload ||
			    !workload_is(&facts[i], workload) ||
			    (last && !strcmp(last, facts[i].run)))
				continue;
			last = facts[i].run;
			names_add(ret, last);
		}
	}
	names_settle(ret);
}

/* One comment line a distinct value, a few of them. */
struct lines {
	const char *label;
	char *values[LISTED_MAX];
	size_t count;
	size_t more;
};

/* Takes the value over. */
static void lines_add(struct lines *lines, char *value)
{
	size_t i;

	for (i = 0; i < lines->count; i++)
		if (!strcmp(lines->values[i], value))
			break;
	if (i < lines->count || lines->count == LISTED_MAX) {
		lines->more += i == LISTED_MAX;
		free(value);
		return;
	}
	lines->values[lines->count++] = value;
}

/* Sorted by their words; runs have no order of their own. */
static void lines_print(struct lines *lines, FILE *out)
{
	char *words;
	size_t i;

	if (lines->count)
		qsort(lines->values, lines->count, sizeof(lines->values[0]), name_compare);
	for (i = 0; i < lines->count; i++) {
		words = apparmor_comment(lines->values[i]);
		fprintf(out, "# %-11s %s\n", lines->label, words);
		free(words);
		free(lines->values[i]);
	}
	if (lines->more)
		fprintf(out, "# %-11s %zu more\n", lines->label, lines->more);
}

static size_t kind_count(const struct model *model, enum fact_kind kind, const char *workload,
			 unsigned int phases)
{
	const struct fact *facts;
	size_t count = model_facts(model, kind, &facts), i, found = 0;

	for (i = 0; i < count; i++)
		found += fact_counts(&facts[i], workload, phases);
	return found;
}

static void counts_print(const struct model *model, const char *workload, unsigned int phases,
			 FILE *out)
{
	fprintf(out, "files %zu, sockets %zu, capabilities %zu\n",
		kind_count(model, FACT_FILE, workload, phases),
		kind_count(model, FACT_SOCKET, workload, phases),
		kind_count(model, FACT_CAPABILITY, workload, phases));
}

/* What the container was made of. */
static void images_print(const struct model *model, const char *workload, FILE *out)
{
	struct lines images = {.label = "image:"};
	const struct fact *facts;
	size_t count = model_facts(model, FACT_WORKLOAD, &facts), i;

	for (i = 0; i < count; i++)
		if (workload_is(&facts[i], workload) && facts[i].workload_.image)
			lines_add(&images, xstrdup(facts[i].workload_.image));
	lines_print(&images, out);
}

/* The label of a run's target is the recording's own word for it, where that is one of ours. */
static bool label_fits(const char *label, const char *what)
{
	size_t size = strlen(what);

	return !strncmp(label, what, size) && !strcmp(label + size, ":");
}

static void targets_print(const struct model *model, const struct names *runs, FILE *out)
{
	static const char *const labels[] = {
		"command:", "pid:", "cgroup:", "container:", "pod:", "unit:"};
	const struct fact *facts;
	size_t count = model_facts(model, FACT_RECORDING, &facts), i, k;

	for (k = 0; k < ARRAY_SIZE(labels); k++) {
		struct lines targets = {.label = labels[k]};

		for (i = 0; i < count; i++)
			if (facts[i].recording.target && names_have(runs, facts[i].run) &&
			    label_fits(labels[k], facts[i].recording.what))
				lines_add(&targets, xstrdup(facts[i].recording.target));
		lines_print(&targets, out);
	}
}

/* AppArmor's profile is entered with the application's execve: what came before needs no rule. */
static void left_out_print(const struct model *model, const char *workload, FILE *out)
{
	unsigned int phases = PHASES_ALL & ~PHASES_APPLICATION;

	if (!kind_count(model, FACT_FILE, workload, phases) &&
	    !kind_count(model, FACT_SOCKET, workload, phases) &&
	    !kind_count(model, FACT_CAPABILITY, workload, phases))
		return;
	fprintf(out, "# %-11s the container runtime's own, before execve: ", "left out:");
	counts_print(model, workload, phases, out);
}

static void origin_print(const struct model *model, const char *workload, const struct names *runs,
			 FILE *out)
{
	struct lines kernels = {.label = "kernel:"};
	struct lines lost = {.label = "incomplete:"};
	const struct fact *facts;
	size_t count = model_facts(model, FACT_RECORDING, &facts), i;

	for (i = 0; i < count; i++) {
		if (!names_have(runs, facts[i].run))
			continue;
		if (facts[i].recording.kernel)
			lines_add(&kernels,
				  xasprintf("%s %s", facts[i].recording.kernel,
					    facts[i].recording.machine ? facts[i].recording.machine
								       : ""));
	}
	targets_print(model, runs, out);
	images_print(model, workload, out);
	lines_print(&kernels, out);
	fprintf(out, "# %-11s runs: %zu; facts: ", "recorded:", runs->count);
	counts_print(model, workload, PHASES_APPLICATION, out);
	left_out_print(model, workload, out);
	count = model_facts(model, FACT_INCOMPLETE, &facts);
	for (i = 0; i < count; i++)
		if (names_have(runs, facts[i].run))
			lines_add(&lost, xstrdup(facts[i].incomplete.text));
	lines_print(&lost, out);
}

/* The names of the workload's successful calls. */
static void used_gather(const struct model *model, const char *workload, struct names *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), at = 0;
	const char *name;
	struct call call;

	while (call_next(facts, count, &at, PHASES_APPLICATION, &call)) {
		name = call_name(&call);
		if (name && workload_is(call.facts, workload) && call_succeeded(&call))
			names_add(ret, name);
	}
	names_settle(ret);
}

/* The rows that are in use, on one line; no line where none is. */
static void used_print(const char *words, const char *const *rows, size_t count,
		       const struct names *used, FILE *out)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < count; i++) {
		if (!names_have(used, rows[i]))
			continue;
		fprintf(out, "%s%s", *comma ? comma : words, rows[i]);
		comma = ", ";
	}
	if (*comma)
		fputc('\n', out);
}

static bool unix_seen(const struct model *model, const char *workload)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SOCKET, &facts), i;

	for (i = 0; i < count; i++)
		if (facts[i].socket.family == 1 && /* AF_UNIX */
		    fact_counts(&facts[i], workload, PHASES_APPLICATION))
			return true;
	return false;
}

/* Runs that were recorded with and without files. */
static void files_count(const struct model *model, const struct names *runs, size_t *ret_with,
			size_t *ret_without)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_RECORDING, &facts), i;

	*ret_with = *ret_without = 0;
	for (i = 0; i < count; i++) {
		if (!names_have(runs, facts[i].run))
			continue;
		if (facts[i].recording.files)
			++*ret_with;
		else
			++*ret_without;
	}
}

int apparmor_head_print(const struct model *model, const struct emit_options *options,
			const char *workload, FILE *out, struct err *err)
{
	_cleanup_names_ struct names runs = {}, used = {};
	_cleanup_free_ char *name = apparmor_comment(workload);
	size_t with, without;

	runs_gather(model, workload, &runs);
	files_count(model, &runs, &with, &without);
	if (without && !with) {
		return err_set(err, -ENODATA,
			       "the recording was made with --no-files: an AppArmor profile needs "
			       "the files, record again without that option");
	}
	fprintf(out, "# AppArmor profile of %s: what it was recorded to use, and no more.\n", name);
	origin_print(model, workload, &runs, out);
	if (without) {
		fprintf(out, "# %-11s %zu of the runs had --no-files: their files are not known\n",
			"incomplete:", without);
		if (options->warn)
			options->warn(options->warn_ctx,
				      "%zu of the runs were recorded with --no-files: the AppArmor "
				      "profile lacks what only they used",
				      without);
	}
	used_gather(model, workload, &used);
	used_print("# Used, paths not recorded: ", unrecorded_paths, ARRAY_SIZE(unrecorded_paths),
		   &used, out);
	used_print("# Used, paths of locks (k) and of later mappings (m) not recorded: ",
		   unrecorded_letters, ARRAY_SIZE(unrecorded_letters), &used, out);
	used_print("# Used, no rule made: ", unwritten_rules, ARRAY_SIZE(unwritten_rules), &used,
		   out);
	if (unix_seen(model, workload))
		used_print("# Used, paths of unix sockets not recorded: ", unix_paths,
			   ARRAY_SIZE(unix_paths), &used, out);
	return 0;
}
