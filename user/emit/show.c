/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of `leastcall show`: what was called, how often, with which results and by whom, and
 * what was lost. Everything that a recording says goes through text_printable() on its way out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "show.h"

#define RUNS_MAX           10
#define WHO_MAX            4
#define NAME_COLUMN_MAX    24
#define RESULTS_COLUMN_MAX 32

static void text_print(const char *text, FILE *out)
{
	char *printable = text_printable(text);

	fputs(printable, out);
	free(printable);
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void seconds_print(uint64_t ns, FILE *out)
{
	fprintf(out, "%" PRIu64 ".%06" PRIu64, ns / 1000000000, ns / 1000 % 1000000);
}

static void run_print(const struct model *model, const struct fact *header, FILE *out)
{
	const struct fact *end = run_find(model, FACT_END, header->run);

	fprintf(out, "run %s: ", header->run);
	text_print(header->recording.what, out);
	if (header->recording.target) {
		fputc(' ', out);
		text_print(header->recording.target, out);
	}
	if (header->recording.kernel) {
		fputs(", kernel ", out);
		text_print(header->recording.kernel, out);
	}
	if (header->recording.machine) {
		fputc(' ', out);
		text_print(header->recording.machine, out);
	}
	if (header->recording.started) {
		fputs(", ", out);
		text_print(header->recording.started, out);
	}
	if (!header->recording.files)
		fputs(", without results and files", out);
	if (!end) {
		fputs(", cut short\n", out);
		return;
	}
	fputs(", ", out);
	seconds_print(end->end.duration_ns, out);
	fprintf(out, " s, %s", end->end.complete ? "complete" : "INCOMPLETE");
	if (end->end.status >= 0)
		fprintf(out, ", exit status %d", end->end.status);
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

/* "nginx sh +3": the last parts of the executables' paths. */
static void who_print(const struct fact *facts, size_t count, FILE *out)
{
	const char *names[WHO_MAX], *name, *last = NULL;
	size_t used = 0, more = 0, i, k;

	for (i = 0; i < count; i++) {
		name = facts[i].exe ? path_base(facts[i].exe) : "?";
		if (last && !strcmp(last, name))
			continue;
		last = name;
		for (k = 0; k < used; k++)
			if (!strcmp(names[k], name))
				break;
		if (k < used)
			continue;
		if (used < WHO_MAX)
			names[used++] = name;
		else
			more++;
	}
	for (k = 0; k < used; k++) {
		fputs(k ? " " : "", out);
		text_print(names[k], out);
	}
	if (more)
		fprintf(out, " +%zu", more);
}

static void row_name(const struct row *row, char *buf, size_t size)
{
	if (row->name)
		snprintf(buf, size, "%s", row->name);
	else
		snprintf(buf, size, "number %u", row->nr);
}

/* What the RESULTS column says of the row. The caller frees it. */
static char *row_results(const struct row *row, const struct span *span, struct call *ret)
{
	_cleanup_free_ char *results = NULL;
	size_t at = row->at;

	call_next(span->facts, span->count, &at, ret);
	results = call_results(ret);
	return xasprintf("%s%s", call_only_enosys(ret) ? "only ENOSYS" : results,
			 ret->interrupted ? ", interrupted" : "");
}

struct columns {
	int name, results;
	bool abis; /* more than one: a column for them */
};

static void call_print(const struct row *row, const struct span *span,
		       const struct columns *columns, FILE *out)
{
	_cleanup_free_ char *results = NULL;
	struct call call;
	char name[64];

	results = row_results(row, span, &call);
	row_name(row, name, sizeof(name));
	fprintf(out, "%-*s ", columns->name, name);
	if (columns->abis)
		fprintf(out, "%-7s ", abi_name(row->abi));
	fprintf(out, "%10" PRIu64 " %5" PRIu64 ".%06" PRIu64 "  %-*s  ", call.count,
		call.first_ns / 1000000000, call.first_ns / 1000 % 1000000, columns->results,
		results);
	who_print(call.facts, call.fact_count, out);
	fputc('\n', out);
}

static void width_fit(int *width, const char *text, int max)
{
	size_t size = strlen(text);

	if (size > (size_t)*width)
		*width = size > (size_t)max ? max : (int)size;
}

static void calls_print(const struct span *span, FILE *out)
{
	struct columns columns = {.name = 4, .results = 7};
	struct row *rows;
	size_t count = rows_sorted(span, &rows), i;
	uint64_t total = 0;
	struct call call;
	char name[64], *results;

	for (i = 0; i < count; i++) {
		row_name(&rows[i], name, sizeof(name));
		width_fit(&columns.name, name, NAME_COLUMN_MAX);
		results = row_results(&rows[i], span, &call);
		width_fit(&columns.results, results, RESULTS_COLUMN_MAX);
		free(results);
		columns.abis = columns.abis || rows[i].abi != rows[0].abi;
		total = add_saturating(total, rows[i].count);
	}
	fprintf(out, "\n%-*s %s%10s %12s  %-*s  WHO\n", columns.name, "CALL",
		columns.abis ? "ABI     " : "", "COUNT", "FIRST", columns.results, "RESULTS");
	for (i = 0; i < count; i++)
		call_print(&rows[i], span, &columns, out);
	fprintf(out, "%zu system call%s, called %" PRIu64 " time%s\n", count, plural(count), total,
		plural(total));
	free(rows);
}

/* The facts of one key on one line: head, then who. */
static void group_print(const struct span *span, size_t at, FILE *out)
{
	fputs("  ", out);
	who_print(span->facts + at, group_size(span, at), out);
	fputc('\n', out);
}

static void denied_print(const struct span *span, FILE *out)
{
	size_t i, k, size;

	for (i = 0; i < span->count; i += size) {
		const struct fact *fact = &span->facts[i];
		const char *name = syscall_name(fact->denied.abi, fact->denied.nr);
		const char *code = errno_name(fact->denied.errnum);
		uint64_t count = 0;

		size = group_size(span, i);
		for (k = i; k < i + size; k++)
			count = add_saturating(count, span->facts[k].denied.count);
		fprintf(out, "%s", i ? "" : "\nDENIED by seccomp while recording\n");
		fprintf(out, "%s %s (%u): %" PRIu64 " time%s, ", abi_name(fact->denied.abi),
			name ? name : "number", fact->denied.nr, count, plural(count));
		if (!fact->denied.errnum)
			fputs("killed, trapped or answered 0", out);
		else if (code)
			fputs(code, out);
		else
			fprintf(out, "errno %u", fact->denied.errnum);
		group_print(span, i, out);
	}
}

static void sockets_print(const struct span *span, FILE *out)
{
	size_t i;

	for (i = 0; i < span->count; i += group_size(span, i)) {
		const struct fact *fact = &span->facts[i];
		const char *family = family_name(fact->socket.family);
		const char *type = socket_type_name(fact->socket.type);

		fprintf(out, "%s", i ? "" : "\nSOCKETS\n");
		if (family)
			fprintf(out, "%s ", family);
		else
			fprintf(out, "family %u ", fact->socket.family);
		if (type)
			fputs(type, out);
		else
			fprintf(out, "type %u", fact->socket.type);
		group_print(span, i, out);
	}
}

static void capabilities_print(const struct span *span, FILE *out)
{
	size_t i, k, size;

	for (i = 0; i < span->count; i += size) {
		const struct fact *fact = &span->facts[i];
		const char *name = capability_name(fact->capability.capability);
		bool inferred = true;

		size = group_size(span, i);
		for (k = i; k < i + size; k++)
			inferred = inferred && span->facts[k].capability.inferred;
		fprintf(out, "%s", i ? "" : "\nCAPABILITIES\n");
		if (name)
			fputs(name, out);
		else
			fprintf(out, "number %u", fact->capability.capability);
		fputs(inferred ? " (inferred)" : "", out);
		group_print(span, i, out);
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

static void files_print(const struct span *span, bool all, FILE *out)
{
	size_t i, k, size, paths = 0;
	const char *last = NULL;
	char letters[8];

	for (i = 0; i < span->count; i += size) {
		const char *path = span->facts[i].file.path;
		uint32_t perms = 0;

		size = group_size(span, i);
		/* A path stands once for each set of flags, and counts once. */
		paths += !last || strcmp(last, path) != 0;
		last = path;
		for (k = i; k < i + size; k++)
			perms |= span->facts[k].file.perms;
		if (!all)
			continue;
		fprintf(out, "%s%-7s ", i ? "" : "\nFILES\n", perms_text(perms, letters));
		text_print(path, out);
		flags_print(span->facts[i].file.flags, out);
		group_print(span, i, out);
	}
	if (paths)
		fprintf(out, "%s%zu file%s%s\n", all ? "" : "\n", paths, plural(paths),
			all ? "" : " (--files lists them)");
}

static void part_print(const struct part *part, bool files, FILE *out)
{
	const struct span *span = &part->kinds[FACT_WORKLOAD];
	const struct fact *before = NULL;
	size_t i;

	fputs("\nworkload ", out);
	text_print(part->workload, out);
	for (i = 0; i < span->count && i < RUNS_MAX; i++) {
		const struct fact *fact = &span->facts[i];

		/* Runs of the same thing in the same place say the same. */
		if (before && before->workload_.root == fact->workload_.root &&
		    before->workload_.cgroup == fact->workload_.cgroup)
			continue;
		before = fact;
		fputs("\n  ", out);
		text_print(fact->workload_.root ? fact->workload_.root : "?", out);
		fputs(", ", out);
		text_print(fact->workload_.scope, out);
		if (fact->workload_.cgroup) {
			fputc(' ', out);
			text_print(fact->workload_.cgroup, out);
		}
	}
	if (span->count > i)
		fprintf(out, "\n  and %zu more", span->count - i);
	fputc('\n', out);
	calls_print(&part->kinds[FACT_SYSCALL], out);
	denied_print(&part->kinds[FACT_DENIED], out);
	sockets_print(&part->kinds[FACT_SOCKET], out);
	capabilities_print(&part->kinds[FACT_CAPABILITY], out);
	files_print(&part->kinds[FACT_FILE], files, out);
}

static void remarks_print(const struct model *model, FILE *out)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_NOTE, &facts), i;

	for (i = 0; i < count; i++) {
		fprintf(out, "%snote: ", i ? "" : "\n");
		text_print(facts[i].note.text, out);
		fputc('\n', out);
	}
	count = model_facts(model, FACT_OTHER, &facts);
	if (count)
		fprintf(out, "\n%zu fact%s of a kind that this leastcall does not know\n", count,
			plural(count));
	count = model_facts(model, FACT_INCOMPLETE, &facts);
	for (i = 0; i < count; i++) {
		fprintf(out, "%sINCOMPLETE run %s: ", i ? "" : "\n", facts[i].run);
		text_print(facts[i].incomplete.text, out);
		if (facts[i].incomplete.count)
			fprintf(out, " (%" PRIu64 ")", facts[i].incomplete.count);
		fputc('\n', out);
	}
}

int show_emit(const struct model *model, const struct emit_options *options, FILE *out,
	      struct err *err)
{
	struct parts parts = {};
	struct part part;
	bool any = false;

	runs_print(model, out);
	while (part_next(model, options->workload, &parts, &part)) {
		part_print(&part, options->files, out);
		any = true;
	}
	parts_drop(&parts);
	if (options->workload && !any)
		return err_set(err, -EINVAL, "no workload \"%s\" in the recording",
			       options->workload);
	remarks_print(model, out);
	return 0;
}
