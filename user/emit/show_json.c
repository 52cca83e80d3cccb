/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The content of `leastcall show` as one JSON object, an element a line. Written as it goes, for
 * recordings may be large; strings keep the escaped form that they have in recordings.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/json.h"
#include "show.h"

/* Every member but an object's first: ,"key":value. Absent where the text is. */
static void member_text(const char *key, const char *text, FILE *out)
{
	if (!text)
		return;
	fprintf(out, ",\"%s\":", key);
	json_text_print(text, out);
}

/* As a recording has it: a string where JSON readers would round the number. */
static void number_print(uint64_t value, FILE *out)
{
	const char *quote = value > EXACT_MAX ? "\"" : "";

	fprintf(out, "%s%" PRIu64 "%s", quote, value, quote);
}

static void member_number(const char *key, uint64_t value, FILE *out)
{
	fprintf(out, ",\"%s\":", key);
	number_print(value, out);
}

static void member_bool(const char *key, bool value, FILE *out)
{
	fprintf(out, ",\"%s\":%s", key, value ? "true" : "false");
}

/* Before each element of an array: a comma where it is not the first, and a line of its own. */
static void element_begin(bool *first, FILE *out)
{
	fputs(*first ? "\n" : ",\n", out);
	*first = false;
}

static void runs_print(const struct model *model, FILE *out)
{
	const struct fact *headers, *end;
	size_t count = model_facts(model, FACT_RECORDING, &headers), i;
	bool first = true;

	fputs("\"runs\":[", out);
	for (i = 0; i < count; i++) {
		element_begin(&first, out);
		end = model_run_fact(model, FACT_END, headers[i].run);
		fprintf(out, "{\"run\":\"%s\"", headers[i].run);
		member_text("file", model_source(model, headers[i].run), out);
		member_text("what", headers[i].recording.what, out);
		member_text("target", headers[i].recording.target, out);
		member_text("kernel", headers[i].recording.kernel, out);
		member_text("machine", headers[i].recording.machine, out);
		member_text("started", headers[i].recording.started, out);
		member_bool("files", headers[i].recording.files, out);
		member_bool("complete", end && end->end.complete, out);
		if (end)
			member_number("duration_ns", end->end.duration_ns, out);
		if (end && end->end.status >= 0)
			member_number("status", (uint64_t)end->end.status, out);
		fputc('}', out);
	}
	fputs("\n]", out);
}

/* Facts of one key and phase stand sorted by exe, so equal ones are neighbours. */
static void member_exes(const struct fact *facts, size_t count, FILE *out)
{
	const char *comma = "", *last = NULL;
	size_t i;

	fputs(",\"exes\":[", out);
	for (i = 0; i < count; i++) {
		if (!facts[i].exe || (last && !strcmp(last, facts[i].exe)))
			continue;
		last = facts[i].exe;
		fputs(comma, out);
		json_text_print(last, out);
		comma = ",";
	}
	fputs("]}", out);
}

static void member_errnos(const struct call *call, FILE *out)
{
	const char *comma = "";
	uint32_t code;

	if (!call->has_errnos)
		return;
	fputs(",\"errnos\":[", out);
	for (code = 0; code < ERRNO_WORDS * 64; code++) {
		if (!(call->errnos[code / 64] >> code % 64 & 1))
			continue;
		fprintf(out, "%s%u", comma, code);
		comma = ",";
	}
	fputc(']', out);
	member_bool("only_enosys", call_only_enosys(call), out);
}

static void call_print(const struct call *call, const char *name, FILE *out)
{
	fprintf(out, "{\"abi\":\"%s\"", abi_name(call->abi));
	member_number("nr", call->nr, out);
	if (call->sub)
		member_number("sub", call->sub, out);
	member_text("name", name, out);
	member_text("phase", phase_name(call->facts->phase), out);
	member_number("count", call->count, out);
	member_number("first_ns", call->first_ns, out);
	member_number("interrupted", call->interrupted, out);
	member_errnos(call, out);
	member_exes(call->facts, call->fact_count, out);
}

/* An element for each call and phase. */
static void calls_print(const struct span *span, FILE *out)
{
	struct shown_call *shown;
	size_t count, i, p;
	struct call call;
	bool first = true;

	fputs(",\"calls\":[", out);
	for (p = 0; p < PHASES; p++) {
		count = shown_calls_sorted(span, PHASE_BIT(shown_phases[p]), &shown);
		for (i = 0; i < count; i++) {
			shown_sum(&shown[i], span, &call);
			element_begin(&first, out);
			call_print(&call, shown[i].name, out);
		}
		free(shown);
	}
	fputs("]", out);
}

static void number_begin(enum abi abi, uint32_t nr, FILE *out)
{
	fprintf(out, "{\"abi\":\"%s\"", abi_name(abi));
	member_number("nr", nr, out);
	member_text("name", syscall_name(abi, nr), out);
}

static void denied_print(const struct fact *fact, size_t count, FILE *out)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < count; i++)
		sum = add_saturating(sum, fact[i].denied.count);
	number_begin(fact->denied.abi, fact->denied.nr, out);
	member_number("errno", fact->denied.errnum, out);
	member_number("count", sum, out);
}

static void arguments_print(const struct fact *fact, size_t count, FILE *out)
{
	const char *comma = "";
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < count; i++)
		sum = add_saturating(sum, fact[i].arguments.count);
	number_begin(fact->arguments.abi, fact->arguments.nr, out);
	fputs(fact->arguments.known ? ",\"args\":{" : "", out);
	for (i = 0; i < CALL_ARGS; i++) {
		if (!(fact->arguments.known & 1u << i))
			continue;
		fprintf(out, "%s\"%zu\":", comma, i);
		number_print(fact->arguments.values[i], out);
		comma = ",";
	}
	fputs(fact->arguments.known ? "}" : "", out);
	member_number("count", sum, out);
}

static void socket_print(const struct fact *fact, size_t count, FILE *out)
{
	(void)count;
	fprintf(out, "{\"family\":%u", fact->socket.family);
	member_text("family_name", family_name(fact->socket.family), out);
	member_number("type", fact->socket.type, out);
	member_text("type_name", socket_type_name(fact->socket.type), out);
}

static void capability_print(const struct fact *fact, size_t count, FILE *out)
{
	bool inferred = true, silent = true;
	size_t i;

	for (i = 0; i < count; i++) {
		inferred = inferred && fact[i].capability.inferred;
		silent = silent && fact[i].capability.silent;
	}
	fprintf(out, "{\"capability\":%u", fact->capability.capability);
	member_text("name", capability_name(fact->capability.capability), out);
	member_bool("inferred", inferred, out);
	member_bool("silent", silent, out);
}

static void member_flags(uint32_t flags, FILE *out)
{
	const char *comma = "";

	fputs(",\"flags\":[", out);
	for (size_t i = 0; i < PATH_FLAGS; i++) {
		if (!(flags & 1u << i))
			continue;
		fprintf(out, "%s\"%s\"", comma, path_flag_names[i]);
		comma = ",";
	}
	fputc(']', out);
}

static void file_print(const struct fact *fact, size_t count, FILE *out)
{
	uint32_t perms = 0;
	char letters[8];
	size_t i;

	for (i = 0; i < count; i++)
		perms |= fact[i].file.perms;
	fputs("{\"path\":", out);
	json_text_print(fact->file.path, out);
	member_text("perms", perms_text(perms, letters), out);
	member_flags(fact->file.flags, out);
}

static void operation_print(const struct fact *fact, size_t count, FILE *out)
{
	(void)count;
	fprintf(out, "{\"op\":\"%s\"", operation_names[fact->operation.op]);
	member_text("source", fact->operation.source, out);
	member_text("target", fact->operation.target, out);
	member_text("detail", fact->operation.detail, out);
	member_number("number", fact->operation.number, out);
	member_text("peer", peer_names[fact->operation.peer], out);
	member_flags(fact->operation.flags, out);
}

/* An array of what `print` makes of the facts of each key and phase. */
static void groups_print(const char *key, const struct span *span,
			 void (*print)(const struct fact *, size_t, FILE *), FILE *out)
{
	bool first = true;
	struct span group;
	size_t at, p;

	fprintf(out, ",\"%s\":[", key);
	for (p = 0; p < PHASES; p++) {
		for (at = 0; group_next(span, PHASE_BIT(shown_phases[p]), &at, &group);) {
			element_begin(&first, out);
			print(group.facts, group.count, out);
			member_text("phase", phase_name(shown_phases[p]), out);
			member_exes(group.facts, group.count, out);
		}
	}
	fputs("]", out);
}

/* Where it ran, and whose it was: once for each run, and more often where that changed. */
static void places_print(const struct span *span, FILE *out)
{
	const struct fact *fact;
	bool first = true;

	fputs(",\"places\":[", out);
	for (fact = span->facts; fact < span->facts + span->count; fact++) {
		element_begin(&first, out);
		fprintf(out, "{\"run\":\"%s\"", fact->run);
		member_text("scope", fact->workload_.scope, out);
		member_text("cgroup", fact->workload_.cgroup, out);
		member_text("root", fact->workload_.root, out);
		member_text("engine", fact->workload_.engine, out);
		member_text("id", fact->workload_.id, out);
		member_text("image", fact->workload_.image, out);
		fputc('}', out);
	}
	fputs("]", out);
}

static void part_print(const struct part *part, FILE *out)
{
	fputs("{\"workload\":", out);
	json_text_print(part->workload, out);
	places_print(&part->kinds[FACT_WORKLOAD], out);
	calls_print(&part->kinds[FACT_SYSCALL], out);
	groups_print("denied", &part->kinds[FACT_DENIED], denied_print, out);
	groups_print("arguments", &part->kinds[FACT_ARGUMENTS], arguments_print, out);
	groups_print("sockets", &part->kinds[FACT_SOCKET], socket_print, out);
	groups_print("capabilities", &part->kinds[FACT_CAPABILITY], capability_print, out);
	groups_print("operations", &part->kinds[FACT_OPERATION], operation_print, out);
	groups_print("files", &part->kinds[FACT_FILE], file_print, out);
	fputc('}', out);
}

/* Notes and losses have the same shape. */
static void remarks_print(const struct model *model, const char *key, enum fact_kind kind,
			  FILE *out)
{
	const struct fact *facts;
	size_t count = model_facts(model, kind, &facts), i;
	bool first = true, note = kind == FACT_NOTE;

	fprintf(out, ",\n\"%s\":[", key);
	for (i = 0; i < count; i++) {
		element_begin(&first, out);
		fprintf(out, "{\"run\":\"%s\"", facts[i].run);
		member_text("workload", facts[i].workload, out);
		member_text("what", note ? facts[i].note.what : facts[i].incomplete.what, out);
		member_text("text", note ? facts[i].note.text : facts[i].incomplete.text, out);
		if (!note)
			member_number("count", facts[i].incomplete.count, out);
		fputc('}', out);
	}
	fputs("]", out);
}

/* An element for each group, with calls or without. */
static void completeness_all_print(const struct model *model, const char *only, FILE *out)
{
	_cleanup_groups_ struct groups groups = {};
	bool first = true;
	size_t i;

	groups_list(model, &groups);
	fputs(",\n\"completeness\":[", out);
	for (i = 0; i < groups.count; i++) {
		_cleanup_completeness_ struct completeness completeness = {};

		if (only && !(workload_group(only) == strlen(groups.list[i]) &&
			      !strncmp(only, groups.list[i], strlen(groups.list[i]))))
			continue;
		completeness_make(model, only ? only : groups.list[i], &completeness);
		element_begin(&first, out);
		fputs("{\"workload\":", out);
		json_text_print(only ? only : groups.list[i], out);
		fputc(',', out);
		completeness_print_json(&completeness, out);
		fputc('}', out);
	}
	fputs("]", out);
}

int show_emit_json(const struct model *model, const struct emit_options *options, FILE *out,
		   struct err *err)
{
	struct parts parts = {};
	struct part part;
	bool first = true;

	fputc('{', out);
	runs_print(model, out);
	fputs(",\n\"workloads\":[", out);
	while (part_next(model, options->workload, &parts, &part)) {
		element_begin(&first, out);
		part_print(&part, out);
	}
	parts_drop(&parts);
	fputs("]", out);
	completeness_all_print(model, options->workload, out);
	remarks_print(model, "notes", FACT_NOTE, out);
	remarks_print(model, "incomplete", FACT_INCOMPLETE, out);
	fprintf(out, ",\n\"complete\":%s}\n", model_incomplete(model) ? "false" : "true");
	if (options->workload && first)
		return err_set(err, -EINVAL, "no workload \"%s\" in the recording",
			       options->workload);
	return 0;
}
