/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of calls in `leastcall show`: how often, when first, with which results, and who. What a
 * container's runtime called stands apart, so that it does not drown the application's calls.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "show.h"

#define WHO_MAX            4
#define NAME_COLUMN_MAX    24
#define RESULTS_COLUMN_MAX 32

void shown_print(const char *text, FILE *out)
{
	char *printable = text_printable(text);

	fputs(printable, out);
	free(printable);
}

const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

void who_print(const struct span *span, unsigned int phases, FILE *out)
{
	_cleanup_names_ struct names names = {};
	const char *last = NULL;
	size_t i;

	for (i = 0; i < span->count; i++) {
		const char *exe = span->facts[i].exe;

		if (!(PHASE_BIT(span->facts[i].phase) & phases) || (exe && exe == last))
			continue;
		last = exe;
		names_add(&names, exe ? path_base(exe) : "(unknown)");
	}
	names_settle(&names);
	for (i = 0; i < names.count && i < WHO_MAX; i++) {
		fputs(i ? " " : "", out);
		shown_print(names.list[i], out);
	}
	if (i < names.count)
		fprintf(out, " +%zu", names.count - i);
}

void shown_name(const struct shown_call *shown, char *buf, size_t size)
{
	if (shown->name)
		snprintf(buf, size, "%s", shown->name);
	else
		snprintf(buf, size, "number %u", shown->nr);
}

/* What the RESULTS column says of the call. The caller frees it. */
char *shown_results(const struct call *call)
{
	_cleanup_free_ char *results = call_results(call);

	return xasprintf("%s%s", call_only_enosys(call) ? "only ENOSYS" : results,
			 call->interrupted ? ", interrupted" : "");
}

/* What the PHASE column says of it. */
const char *shown_phase(const struct call *call)
{
	unsigned int seen = 0;
	size_t i;

	for (i = 0; i < call->fact_count; i++)
		seen |= PHASE_BIT(call->facts[i].phase);
	if (seen == PHASES_APPLICATION)
		return "both";
	return phase_name(call->facts->phase);
}

struct columns {
	int name, results;
	bool abis;   /* more than one: a column for them */
	bool phases; /* the same of phases */
};

static void call_print(const struct shown_call *shown, const struct span *span,
		       const struct columns *columns, FILE *out)
{
	_cleanup_free_ char *results = NULL;
	struct call call;
	char name[64];

	shown_sum(shown, span, &call);
	results = shown_results(&call);
	shown_name(shown, name, sizeof(name));
	fprintf(out, "%-*s ", columns->name, name);
	if (columns->abis)
		fprintf(out, "%-7s ", abi_name(shown->abi));
	if (columns->phases)
		fprintf(out, "%-7s ", shown_phase(&call));
	fprintf(out, "%10" PRIu64 " %5" PRIu64 ".%06" PRIu64 "  %-*s  ", call.count,
		call.first_ns / 1000000000, call.first_ns / 1000 % 1000000, columns->results,
		results);
	who_print(&(struct span){call.facts, call.fact_count}, shown->phases, out);
	fputc('\n', out);
}

static void width_fit(int *width, const char *text, int max)
{
	size_t size = strlen(text);

	if (size > (size_t)*width)
		*width = size > (size_t)max ? max : (int)size;
}

/* The calls of some phases. */
struct table {
	struct shown_call *calls;
	size_t count;
	uint64_t total;
};

static void table_make(const struct span *span, unsigned int phases, struct columns *columns,
		       struct table *ret)
{
	struct call call;
	char name[64], *results;
	size_t i;

	ret->total = 0;
	ret->count = shown_calls_sorted(span, phases, &ret->calls);
	for (i = 0; i < ret->count; i++) {
		shown_sum(&ret->calls[i], span, &call);
		shown_name(&ret->calls[i], name, sizeof(name));
		width_fit(&columns->name, name, NAME_COLUMN_MAX);
		results = shown_results(&call);
		width_fit(&columns->results, results, RESULTS_COLUMN_MAX);
		free(results);
		columns->abis = columns->abis || call.abi != span->facts->syscall.abi;
		columns->phases = columns->phases || strcmp(shown_phase(&call), "start") != 0;
		ret->total = add_saturating(ret->total, call.count);
	}
}

static void table_print(const struct table *table, const struct span *span,
			const struct columns *columns, FILE *out)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		call_print(&table->calls[i], span, columns, out);
}

static void head_print(const struct columns *columns, FILE *out)
{
	fprintf(out, "\n%-*s %s%s%10s %12s  %-*s  WHO\n", columns->name, "CALL",
		columns->abis ? "ABI     " : "", columns->phases ? "PHASE   " : "", "COUNT",
		"FIRST (s)", columns->results, "RESULTS");
}

static void sum_print(const char *words, const struct table *table, FILE *out)
{
	fprintf(out, "%s%zu system call%s, called %" PRIu64 " time%s", words, table->count,
		plural(table->count), table->total, plural(table->total));
}

/* What was called before the filter was there to judge it. */
static void setup_print(const struct span *span, bool all, FILE *out)
{
	unsigned int phases = PHASE_BIT(PHASE_SETUP);
	struct columns columns = {.name = 4, .results = 7};
	struct table table;

	table_make(span, phases, &columns, &table);
	columns.phases = false;
	if (table.count) {
		sum_print("the container runtime's own before its filter, in no profile: ", &table,
			  out);
		fputs(" by ", out);
		who_print(span, phases, out);
		fputs(all ? "\n" : " (--setup lists them)\n", out);
	}
	if (table.count && all) {
		head_print(&columns, out);
		table_print(&table, span, &columns, out);
	}
	free(table.calls);
}

void show_calls(const struct span *span, bool setup, FILE *out)
{
	struct columns columns = {.name = 4, .results = 7};
	struct table own, runtime;

	table_make(span, PHASES_APPLICATION, &columns, &own);
	table_make(span, PHASE_BIT(PHASE_RUNTIME), &columns, &runtime);
	head_print(&columns, out);
	table_print(&own, span, &columns, out);
	table_print(&runtime, span, &columns, out);
	sum_print("", &own, out);
	fputc('\n', out);
	if (runtime.count) {
		sum_print("the container runtime's behind its filter: ", &runtime, out);
		fputc('\n', out);
	}
	free(own.calls);
	free(runtime.calls);
	setup_print(span, setup, out);
}
