/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a profile's reader must know before trusting it: which runs it comes from, what was lost,
 * what else is to be known of them, and what nobody has tried yet. Makes no rules.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor/aa_abstractions.h"
#include "apparmor_head.h"
#include "apparmor_text.h"
#include "policy/call.h"

#define LISTED_MAX 10

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
	    !kind_count(model, FACT_CAPABILITY, workload, phases) &&
	    !kind_count(model, FACT_OPERATION, workload, phases))
		return;
	fprintf(out, "# %-11s what the container's runtime did before execve\n", "left out:");
}

/* How many runs, and when the first and the last of them began, by their recorders' clocks. */
static void runs_print(const struct model *model, const struct names *runs, FILE *out)
{
	_cleanup_free_ char *from = NULL, *to = NULL;
	const char *first = NULL, *last = NULL;
	const struct fact *facts;
	size_t count = model_facts(model, FACT_RECORDING, &facts), i;

	for (i = 0; i < count; i++) {
		const char *started = facts[i].recording.started;

		if (!started || !names_have(runs, facts[i].run))
			continue;
		first = !first || strcmp(started, first) < 0 ? started : first;
		last = !last || strcmp(started, last) > 0 ? started : last;
	}
	from = apparmor_comment(first ? first : "");
	to = apparmor_comment(last ? last : "");
	fprintf(out, "# %-11s %zu run%s%s%s", "recorded:", runs->count, runs->count == 1 ? "" : "s",
		first ? ", " : "", from);
	if (first && strcmp(first, last) != 0)
		fprintf(out, " to %s", to);
	fputc('\n', out);
}

/* What was chosen by name: "a,b". NULL: nothing was. The caller frees it. */
static char *abstractions_text(const struct aa_abstractions *given)
{
	char *text = NULL;
	size_t i;

	if (!given || !given->wanted)
		return NULL;
	for (i = 0; i < given->count; i++) {
		char *longer =
			xasprintf("%s%s%s", text ? text : "", text ? "," : "", given->list[i].name);

		free(text);
		text = longer;
	}
	return text;
}

/* Those that shape the rules, and are not the default. */
static void options_print(const struct emit_options *options, FILE *out)
{
	const struct apparmor_options *own = &options->apparmor;
	_cleanup_free_ char *chosen = abstractions_text(own->abstractions), *text = NULL;
	size_t size;
	FILE *words = xmemstream(&text, &size);

	if (own->abi)
		fprintf(words, " --abi %s", apparmor_abi_name(own->abi));
	if (chosen && !options->exact)
		fprintf(words, " --abstractions %s", chosen);
	if (own->children)
		fprintf(words, " --children %s", apparmor_children_name(own->children));
	if (own->complain)
		fputs(" --complain", words);
	if (options->exact)
		fputs(" --exact", words);
	if (own->glob_dirs)
		fprintf(words, " --glob-dirs %llu", (unsigned long long)own->glob_dirs);
	if (own->no_base)
		fputs(" --no-base", words);
	fclose(words);
	if (size)
		fprintf(out, "# %-11s%s\n", "options:", text);
}

/* What bears on what the profile lacks: when somebody set a mark does not. */
static void notes_print(const struct model *model, const char *workload, const struct names *runs,
			FILE *out)
{
	struct lines notes = {.label = "note:"};
	const struct fact *facts;
	size_t count = model_facts(model, FACT_NOTE, &facts), i;

	for (i = 0; i < count; i++)
		if (names_have(runs, facts[i].run) && strcmp(facts[i].note.what, "serving") != 0 &&
		    (!facts[i].workload || workload_is(&facts[i], workload)))
			lines_add(&notes, xstrdup(facts[i].note.text));
	lines_print(&notes, out);
}

static void origin_print(const struct model *model, const struct emit_options *options,
			 const char *workload, const struct names *runs, FILE *out)
{
	struct lines tools = {.label = "tool:"}, kernels = {.label = "kernel:"};
	struct lines lost = {.label = "incomplete:"};
	const struct fact *facts;
	size_t count = model_facts(model, FACT_RECORDING, &facts), i;

	for (i = 0; i < count; i++) {
		if (!names_have(runs, facts[i].run))
			continue;
		if (facts[i].recording.tool)
			lines_add(&tools, xstrdup(facts[i].recording.tool));
		if (facts[i].recording.kernel)
			lines_add(&kernels,
				  xasprintf("%s %s", facts[i].recording.kernel,
					    facts[i].recording.machine ? facts[i].recording.machine
								       : ""));
	}
	targets_print(model, runs, out);
	images_print(model, workload, out);
	lines_print(&tools, out);
	lines_print(&kernels, out);
	runs_print(model, runs, out);
	options_print(options, out);
	left_out_print(model, workload, out);
	count = model_facts(model, FACT_INCOMPLETE, &facts);
	for (i = 0; i < count; i++)
		if (names_have(runs, facts[i].run))
			lines_add(&lost, xstrdup(facts[i].incomplete.text));
	lines_print(&lost, out);
	notes_print(model, workload, runs, out);
	fprintf(out, "# %-11s loading it, and running anything under it\n", "not tried:");
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
	_cleanup_names_ struct names runs = {};
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
	origin_print(model, options, workload, &runs, out);
	if (without) {
		fprintf(out, "# %-11s %zu of the runs had --no-files: their files are not known\n",
			"incomplete:", without);
		if (options->warn)
			options->warn(options->warn_ctx,
				      "%zu of the runs were recorded with --no-files: the AppArmor "
				      "profile lacks what only they used",
				      without);
	}
	return 0;
}
