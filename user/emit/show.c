/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What `leastcall show` says to people: the runs, whose calls they were, what was denied, opened and
 * lost. Everything that a recording says goes through text_printable() on its way out. The table of
 * calls is in show_calls.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"

#define RUNS_MAX  10
#define ID_DIGITS 12 /* of a container's id, as the engines show it */

static void seconds_print(uint64_t ns, FILE *out)
{
	fprintf(out, "%" PRIu64 ".%06" PRIu64, ns / 1000000000, ns / 1000 % 1000000);
}

/* ", words" where there are some. */
static void words_print(const char *before, const char *text, FILE *out)
{
	if (!text)
		return;
	fputs(before, out);
	shown_print(text, out);
}

static void run_print(const struct model *model, const struct fact *header, FILE *out)
{
	const struct fact *end = model_run_fact(model, FACT_END, header->run);

	fprintf(out, "run %s", header->run);
	if (model_files(model) > 1)
		words_print(" of ", model_source(model, header->run), out);
	words_print(": ", header->recording.what, out);
	words_print(" ", header->recording.target, out);
	fputs("\n  ", out);
	if (header->recording.started)
		shown_print(header->recording.started, out);
	fputs(header->recording.started ? ", " : "", out);
	if (end) {
		seconds_print(end->end.duration_ns, out);
		fprintf(out, " s, %s", end->end.complete ? "complete" : "INCOMPLETE");
	} else {
		fputs("cut short", out);
	}
	if (end && end->end.status >= 0)
		fprintf(out, ", exit status %d", end->end.status);
	if (!header->recording.files)
		fputs(", without results and files", out);
	words_print(", kernel ", header->recording.kernel, out);
	words_print(" ", header->recording.machine, out);
	fputc('\n', out);
}

static void runs_print(const struct model *model, FILE *out)
{
	const struct fact *headers;
	size_t count = model_facts(model, FACT_RECORDING, &headers), i;

	for (i = 0; i < count && i < RUNS_MAX; i++)
		run_print(model, &headers[i], out);
	if (i < count)
		fprintf(out, "and %zu more run%s\n", count - i, plural(count - i));
}

/* The facts of one key on one line: head, then who, and when where that is not the start. */
static void group_print(const struct span *group, FILE *out)
{
	const struct fact *fact = group->facts;

	fputs("  ", out);
	who_print(group, PHASES_ALL, out);
	if (fact->phase != PHASE_START)
		fprintf(out, " [%s]", phase_name(fact->phase));
	fputc('\n', out);
}

/* A filter's refusals matter whoever met them. */
static void denied_print(const struct span *span, FILE *out)
{
	const char *title = "\nDENIED by seccomp while recording\n";
	struct span group;
	size_t at, k, p;

	for (p = 0; p < PHASES; p++) {
		for (at = 0; group_next(span, PHASE_BIT(shown_phases[p]), &at, &group);) {
			const struct fact *fact = group.facts;
			const char *name = syscall_name(fact->denied.abi, fact->denied.nr);
			const char *code = errno_name(fact->denied.errnum);
			uint64_t count = 0;

			for (k = 0; k < group.count; k++)
				count = add_saturating(count, fact[k].denied.count);
			fprintf(out, "%s%s %s (%u): %" PRIu64 " time%s, ", title,
				abi_name(fact->denied.abi), name ? name : "number", fact->denied.nr,
				count, plural(count));
			title = "";
			if (!fact->denied.errnum)
				fputs("killed, trapped or answered 0", out);
			else if (code)
				fputs(code, out);
			else
				fprintf(out, "errno %u", fact->denied.errnum);
			group_print(&group, out);
		}
	}
}

static void argument_print(const struct span *group, FILE *out)
{
	const struct fact *fact = group->facts;
	const char *name = syscall_name(fact->arguments.abi, fact->arguments.nr);
	const char *comma = "";
	int i;

	if (name)
		fprintf(out, "%s(", name);
	else
		fprintf(out, "%s %u(", abi_name(fact->arguments.abi), fact->arguments.nr);
	for (i = 0; i < CALL_ARGS; i++) {
		if (!(fact->arguments.known & 1u << i))
			continue;
		fprintf(out, "%sarg%d = %" PRIu64, comma, i, fact->arguments.values[i]);
		comma = ", ";
	}
	fputs(fact->arguments.known ? ")" : "others)", out);
}

/* The name, or the number behind what it is a number of. */
static void named_print(const char *name, const char *what, uint32_t number, FILE *out)
{
	if (name)
		fputs(name, out);
	else
		fprintf(out, "%s %u", what, number);
}

static void socket_print(const struct span *group, FILE *out)
{
	const struct fact *fact = group->facts;

	named_print(family_name(fact->socket.family), "family", fact->socket.family, out);
	fputc(' ', out);
	named_print(socket_type_name(fact->socket.type), "type", fact->socket.type, out);
}

static void capability_print(const struct span *group, FILE *out)
{
	uint32_t capability = group->facts->capability.capability;
	bool inferred = true, silent = true;

	for (size_t i = 0; i < group->count; i++) {
		inferred = inferred && group->facts[i].capability.inferred;
		silent = silent && group->facts[i].capability.silent;
	}
	named_print(capability_name(capability), "number", capability, out);
	fputs(inferred ? " (inferred)" : silent ? " (asked for silently)" : "", out);
}

/* What is shown alike: a title, and a line a group. */
static const struct section {
	enum fact_kind kind;
	const char *title;
	void (*print)(const struct span *group, FILE *out);
} sections[] = {
	{FACT_ARGUMENTS, "\nARGUMENTS\n", argument_print},
	{FACT_SOCKET, "\nSOCKETS\n", socket_print},
	{FACT_CAPABILITY, "\nCAPABILITIES\n", capability_print},
};

static void section_print(const struct section *section, const struct span *span,
			  unsigned int phases, FILE *out)
{
	const char *title = section->title;
	struct span group;
	size_t at = 0;

	while (group_next(span, phases, &at, &group)) {
		fputs(title, out);
		title = "";
		section->print(&group, out);
		group_print(&group, out);
	}
}

static void flags_print(uint32_t flags, FILE *out)
{
	const char *before = " (";
	size_t bit;

	for (bit = 0; bit < PATH_FLAGS; bit++) {
		if (!(flags & 1u << bit))
			continue;
		fprintf(out, "%s%s", before, path_flag_names[bit]);
		before = ", ";
	}
	fputs(flags ? ")" : "", out);
}

static void files_print(const struct span *span, unsigned int phases, bool all, FILE *out)
{
	const char *last = NULL, *title = "\nFILES\n";
	size_t at = 0, k, paths = 0;
	struct span group;
	char letters[8];

	while (group_next(span, phases, &at, &group)) {
		const char *path = group.facts->file.path;
		uint32_t perms = 0;

		/* A path stands once for each set of flags, and counts once. */
		paths += !last || strcmp(last, path) != 0;
		last = path;
		for (k = 0; k < group.count; k++)
			perms |= group.facts[k].file.perms;
		if (!all)
			continue;
		fprintf(out, "%s%-7s ", title, perms_text(perms, letters));
		title = "";
		shown_print(path, out);
		flags_print(group.facts->file.flags, out);
		group_print(&group, out);
	}
	if (paths)
		fprintf(out, "%s%zu file%s%s\n", all ? "" : "\n", paths, plural(paths),
			all ? "" : " (--files lists them)");
}

static void operations_print(const struct span *span, unsigned int phases, bool all, FILE *out)
{
	const char *title = "\nOPERATIONS\n";
	struct span group;
	size_t at = 0, count = 0;

	for (; group_next(span, phases, &at, &group); count++) {
		_cleanup_free_ char *words = all ? operation_words(group.facts) : NULL;

		if (!all)
			continue;
		fputs(title, out);
		title = "";
		shown_print(words, out);
		flags_print(group.facts->operation.flags, out);
		group_print(&group, out);
	}
	if (count)
		fprintf(out, "%s%zu operation%s%s\n", all ? "" : "\n", count, plural(count),
			all ? "" : ": mounts, signals, executions ... (--files lists them)");
}

/* What makes them one entry: runs of the same thing in the same place say the same. */
static bool same_place(const struct fact *a, const struct fact *b)
{
	return a->workload_.root == b->workload_.root &&
	       a->workload_.cgroup == b->workload_.cgroup &&
	       a->workload_.engine == b->workload_.engine && a->workload_.id == b->workload_.id &&
	       a->workload_.image == b->workload_.image;
}

/* "docker container 0123456789ab, image nginx:1, " */
static void engine_print(const struct fact *fact, FILE *out)
{
	const char *engine = fact->workload_.engine, *id = fact->workload_.id;

	if (!engine)
		return;
	shown_print(engine, out);
	fputs(strcmp(engine, "unit") ? " container" : "", out);
	if (id && strlen(id) > ID_DIGITS && strspn(id, "0123456789abcdef") == strlen(id))
		fprintf(out, " %.*s", ID_DIGITS, id);
	else
		words_print(" ", id, out);
	words_print(", image ", fact->workload_.image, out);
	fputs(", ", out);
}

static void places_print(const struct span *span, FILE *out)
{
	const struct fact *before = NULL;
	size_t i;

	for (i = 0; i < span->count && i < RUNS_MAX; i++) {
		const struct fact *fact = &span->facts[i];

		if (before && same_place(before, fact))
			continue;
		before = fact;
		fputs("\n  ", out);
		if (fact->workload_.root) {
			shown_print(fact->workload_.root, out);
			fputs(", ", out);
		}
		engine_print(fact, out);
		shown_print(fact->workload_.scope, out);
		words_print(" ", fact->workload_.cgroup, out);
	}
	if (span->count > i)
		fprintf(out, "\n  and %zu more", span->count - i);
}

/* All that happened in the phases but the calls, and what was denied. */
static void phases_print(const struct span *kinds, unsigned int phases, bool files, FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		section_print(&sections[i], &kinds[sections[i].kind], phases, out);
	operations_print(&kinds[FACT_OPERATION], phases, files, out);
	files_print(&kinds[FACT_FILE], phases, files, out);
}

static void part_print(const struct part *part, const struct emit_options *options, FILE *out)
{
	const struct span *kinds = part->kinds;
	size_t group = workload_group(part->workload), p;

	words_print("\nworkload ", part->workload, out);
	if (part->workload[group])
		fputs(" (a later instance; one profile with those before it)", out);
	places_print(&kinds[FACT_WORKLOAD], out);
	fputc('\n', out);
	show_calls(&kinds[FACT_SYSCALL], options->setup, out);
	denied_print(&kinds[FACT_DENIED], out);
	phases_print(kinds, PHASES_APPLICATION, options->files, out);
	for (p = 0; p < PHASES && options->setup; p++)
		phases_print(kinds, PHASE_BIT(shown_phases[p]) & ~PHASES_APPLICATION,
			     options->files, out);
}

static void remark_print(const struct model *model, const char *words, const struct fact *fact,
			 const char *text, FILE *out)
{
	const struct fact *headers;

	fputs(words, out);
	if (model_facts(model, FACT_RECORDING, &headers) > 1)
		words_print(" on run ", fact->run, out);
	words_print(" on workload ", fact->workload, out);
	words_print(": ", text, out);
}

static void remarks_print(const struct model *model, FILE *out)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_NOTE, &facts), i;

	for (i = 0; i < count; i++) {
		remark_print(model, i ? "note" : "\nnote", &facts[i], facts[i].note.text, out);
		fputc('\n', out);
	}
	count = model_facts(model, FACT_OTHER, &facts);
	if (count)
		fprintf(out, "\n%zu fact%s of a kind that this leastcall does not know\n", count,
			plural(count));
	count = model_facts(model, FACT_INCOMPLETE, &facts);
	for (i = 0; i < count; i++) {
		remark_print(model, i ? "INCOMPLETE" : "\nINCOMPLETE", &facts[i],
			     facts[i].incomplete.text, out);
		if (facts[i].incomplete.count)
			fprintf(out, " (%" PRIu64 ")", facts[i].incomplete.count);
		fputc('\n', out);
	}
}

/* Of the whole group, once its last instance was shown. */
static void group_end(const struct model *model, const struct emit_options *options,
		      const char *workload, FILE *out)
{
	_cleanup_completeness_ struct completeness completeness = {};
	_cleanup_free_ char *group = xstrndup(workload, workload_group(workload));

	completeness_make(model, options->workload ? options->workload : group, &completeness);
	completeness_print(&completeness, out);
}

static bool is_same_group(const char *a, const char *b)
{
	size_t size = workload_group(a);

	return size == workload_group(b) && !strncmp(a, b, size);
}

int show_emit(const struct model *model, const struct emit_options *options, FILE *out,
	      struct err *err)
{
	struct parts parts = {};
	struct part part;
	const char *last = NULL;

	runs_print(model, out);
	while (part_next(model, options->workload, &parts, &part)) {
		if (last && !is_same_group(last, part.workload))
			group_end(model, options, last, out);
		last = part.workload;
		part_print(&part, options, out);
	}
	if (last)
		group_end(model, options, last, out);
	parts_drop(&parts);
	if (options->workload && !last)
		return err_set(err, -EINVAL, "no workload \"%s\" in the recording",
			       options->workload);
	remarks_print(model, out);
	return 0;
}
