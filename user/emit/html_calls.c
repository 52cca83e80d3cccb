/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The page's tables of system calls: by risk, how often, when first, and who; what seccomp denied; and
 * which executable made which call.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "model/text.h"
#include "policy/summary.h"

#define COLUMNS_MAX 40 /* executables beside each other */

/* Calls of some phases. */
struct shown_calls {
	struct shown_call *list;
	size_t count;
};

static enum tier shown_tier(const struct shown_call *shown)
{
	return shown->name ? tier_of(shown->name) : TIER_NONE;
}

/* Not all of them are x86-64's: a column tells whose. */
static bool has_abis(const struct span *span)
{
	for (size_t i = 0; i < span->count; i++)
		if (span->facts[i].syscall.abi != ABI_X86_64)
			return true;
	return false;
}

static void row_print(const struct shown_call *shown, const struct span *span, FILE *out)
{
	const struct tier_row *tier = shown->name ? tier_row(shown->name) : NULL;
	_cleanup_free_ char *results = NULL;
	struct call call;
	char name[64];

	shown_sum(shown, span, &call);
	results = shown_results(&call);
	shown_name(shown, name, sizeof(name));
	fputs("<tr><th scope=\"row\">", out);
	html_text(name, out);
	if (tier) {
		fputs(" <small>", out);
		html_text(tier->why, out);
		fputs("</small>", out);
	}
	fputs("</th>", out);
	html_cell_tier(shown_tier(shown), out);
	html_cell(shown_phase(&call), out);
	html_cell_number(call.count, out);
	html_cell_seconds(call.first_ns, out);
	html_cell(results, out);
	html_cell(shown->abi != ABI_X86_64                    ? ""
		  : shown->name && docker_allows(shown->name) ? "allows"
							      : "does not allow",
		  out);
	html_cell_who(&(struct span){call.facts, call.fact_count}, shown->phases, out);
	if (has_abis(span))
		html_cell(abi_name(shown->abi), out);
	fputs("</tr>\n", out);
}

/* The riskiest first, then by count. */
static void rows_print(const struct shown_calls *calls, const struct span *span, FILE *out)
{
	int tier;
	size_t i;

	for (tier = TIERS - 1; tier >= TIER_NONE; tier--)
		for (i = 0; i < calls->count; i++)
			if ((int)shown_tier(&calls->list[i]) == tier)
				row_print(&calls->list[i], span, out);
}

/* "Riskiest: 2 high, 5 medium." */
static void tiers_print(const struct shown_calls *calls, FILE *out)
{
	size_t counts[TIERS] = {}, i;
	enum tier tier;

	for (i = 0; i < calls->count; i++)
		counts[shown_tier(&calls->list[i])]++;
	fputs("<p class=\"tiers\">", out);
	for (tier = TIER_CRITICAL; tier > TIER_NONE; tier--)
		fprintf(out, "<span class=\"tier %s\">%s %zu</span> ", tier_name(tier),
			tier_name(tier), counts[tier]);
	fprintf(out, "<span class=\"tier none\">without a known risk of their own %zu</span></p>\n",
		counts[TIER_NONE]);
}

static const enum phase phases_behind[] = {PHASE_RUNTIME, PHASE_SETUP};

void html_calls(struct html *html, const struct span *span)
{
	static const struct html_column columns[] = {
		{.title = "Call"},
		{.title = "Risk", .sorted = "descending"},
		{.title = "Phase"},
		{.title = "Count", .is_number = true},
		{.title = "First (s)", .is_number = true},
		{.title = "Results"},
		{.title = "Docker's default"},
		{.title = "Who"},
		{.title = "ABI"},
	};
	struct shown_calls calls;
	FILE *out = html->out;
	size_t i;

	html_heading(html, "calls", "System calls");
	calls.count = shown_calls_sorted(span, PHASES_APPLICATION, &calls.list);
	tiers_print(&calls, out);
	fputs("<div class=\"searchable\">\n", out);
	html_table_begin("System calls, the riskiest first", columns,
			 ARRAY_SIZE(columns) - !has_abis(span), out);
	rows_print(&calls, span, out);
	free(calls.list);
	/* What only --setup shows no filter judges. */
	for (i = 0; i < ARRAY_SIZE(phases_behind) - !html->options->setup; i++) {
		calls.count = shown_calls_sorted(span, PHASE_BIT(phases_behind[i]), &calls.list);
		rows_print(&calls, span, out);
		free(calls.list);
	}
	html_table_end(out);
	fputs("</div>\n", out);
	calls.count = shown_calls_sorted(span, PHASE_BIT(PHASE_SETUP), &calls.list);
	if (calls.count)
		fprintf(out,
			"<p>Before its filter the container's runtime made %zu different calls of "
			"its own; they are in no profile%s.</p>\n",
			calls.count,
			html->options->setup ? "" : " (<code>--setup</code> lists them)");
	free(calls.list);
}

static void denied_row(const struct span *group, enum phase phase, FILE *out)
{
	const struct fact *fact = group->facts;
	const char *name = syscall_name(fact->denied.abi, fact->denied.nr);
	const char *answer = errno_name(fact->denied.errnum);
	_cleanup_free_ char *number = xasprintf("number %u", fact->denied.nr);
	_cleanup_free_ char *code = xasprintf("errno %u", fact->denied.errnum);
	uint64_t count = 0;

	for (size_t i = 0; i < group->count; i++)
		count = add_saturating(count, fact[i].denied.count);
	fputs("<tr><th scope=\"row\">", out);
	html_text(name ? name : number, out);
	fputs("</th>", out);
	html_cell(abi_name(fact->denied.abi), out);
	html_cell_number(count, out);
	html_cell(!fact->denied.errnum ? "killed, trapped or answered 0"
		  : answer             ? answer
				       : code,
		  out);
	html_cell(phase_name(phase), out);
	html_cell_who(group, PHASE_BIT(phase), out);
	fputs("</tr>\n", out);
}

void html_denied(struct html *html, const struct span *span)
{
	static const struct html_column columns[] = {
		{.title = "Call"},   {.title = "ABI"},   {.title = "Count", .is_number = true},
		{.title = "Answer"}, {.title = "Phase"}, {.title = "Who"},
	};
	FILE *out = html->out;
	struct span group;

	if (!span->count)
		return;
	fputs("<div class=\"alarm\">\n", out);
	html_heading(html, "denied", "Denied by seccomp while recording");
	html_table_begin("Calls that a filter refused", columns, ARRAY_SIZE(columns), out);
	for (size_t p = 0; p < PHASES; p++)
		for (size_t at = 0; group_next(span, PHASE_BIT(shown_phases[p]), &at, &group);)
			denied_row(&group, shown_phases[p], out);
	html_table_end(out);
	fputs("</div>\n", out);
}

/* ---- who made which call --------------------------------------------------------------------- */

static const char *exe_of(const struct fact *fact)
{
	return fact->exe ? fact->exe : "(unknown)";
}

static void matrix_row(const struct shown_call *shown, const struct span *span,
		       const struct names *exes, FILE *out)
{
	struct call call;
	char name[64];
	size_t i, k;

	shown_sum(shown, span, &call);
	shown_name(shown, name, sizeof(name));
	fputs("<tr><th scope=\"row\">", out);
	html_text(name, out);
	fputs("</th>", out);
	for (i = 0; i < exes->count && i < COLUMNS_MAX; i++) {
		uint64_t count = 0;

		for (k = 0; k < call.fact_count; k++)
			if (PHASE_BIT(call.facts[k].phase) & PHASES_APPLICATION &&
			    !strcmp(exe_of(&call.facts[k]), exes->list[i]))
				count = add_saturating(count, call.facts[k].syscall.count);
		if (count)
			html_cell_number(count, out);
		else
			fputs("<td class=\"number\" data-v=\"0\"></td>", out);
	}
	fputs("</tr>\n", out);
}

void html_matrix(struct html *html, const struct span *span)
{
	struct html_column columns[COLUMNS_MAX + 1] = {{.title = "Call"}};
	_cleanup_names_ struct names exes = {};
	struct shown_calls calls;
	FILE *out = html->out;
	size_t i, shown;

	for (i = 0; i < span->count; i++)
		if (PHASE_BIT(span->facts[i].phase) & PHASES_APPLICATION)
			names_add(&exes, exe_of(&span->facts[i]));
	names_settle(&exes);
	if (exes.count < 2)
		return;
	shown = exes.count < COLUMNS_MAX ? exes.count : COLUMNS_MAX;
	for (i = 0; i < shown; i++)
		columns[i + 1] = (struct html_column){.title = exes.list[i], .is_number = true};
	html_heading(html, "matrix", "Which executable makes which call");
	if (shown < exes.count)
		fprintf(out, "<p>%zu more executables have no column here.</p>\n",
			exes.count - shown);
	fprintf(out, "<details data-print><summary>%zu executables</summary>\n", exes.count);
	fputs("<div class=\"matrix\">\n", out);
	html_table_begin("How often each executable made each call", columns, shown + 1, out);
	calls.count = shown_calls_sorted(span, PHASES_APPLICATION, &calls.list);
	for (i = 0; i < calls.count; i++)
		matrix_row(&calls.list[i], span, &exes, out);
	free(calls.list);
	html_table_end(out);
	fputs("</div></details>\n", out);
}
