/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall show --html: one page that needs nothing else, no network and no script. The script only
 * sorts, searches and copies what stands there. Knows the order of the page; its parts are in
 * html_*.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"

#define RUNS_MAX 200

/* What one group's part of the page begins with. */
struct group_sums {
	size_t calls, executables, files, capabilities, denied;
	uint64_t times;
};

static void part_sum(const struct part *part, struct group_sums *sums)
{
	const struct span *kinds = part->kinds;
	_cleanup_names_ struct names exes = {};
	struct shown_call *calls;
	struct span group;
	size_t at, i;

	sums->calls = shown_calls_sorted(&kinds[FACT_SYSCALL], PHASES_APPLICATION, &calls);
	for (i = 0; i < sums->calls; i++)
		sums->times = add_saturating(sums->times, calls[i].count);
	free(calls);
	for (i = 0; i < kinds[FACT_SYSCALL].count; i++)
		if (PHASE_BIT(kinds[FACT_SYSCALL].facts[i].phase) & PHASES_APPLICATION &&
		    kinds[FACT_SYSCALL].facts[i].exe)
			names_add(&exes, kinds[FACT_SYSCALL].facts[i].exe);
	names_settle(&exes);
	sums->executables = exes.count;
	for (at = 0; group_next(&kinds[FACT_FILE], PHASES_APPLICATION, &at, &group);)
		sums->files++;
	for (at = 0; group_next(&kinds[FACT_CAPABILITY], PHASES_APPLICATION, &at, &group);)
		sums->capabilities++;
	for (at = 0; group_next(&kinds[FACT_DENIED], PHASES_ALL, &at, &group);)
		sums->denied++;
}

static void sum_print(const char *words, uint64_t value, FILE *out)
{
	fprintf(out, "<div><dt>%s</dt><dd>", words);
	html_number(value, out);
	fputs("</dd></div>\n", out);
}

static void sums_print(const struct group_sums *sums, FILE *out)
{
	fputs("<dl class=\"sums\">\n", out);
	sum_print("different calls", sums->calls, out);
	sum_print("calls made", sums->times, out);
	sum_print("executables", sums->executables, out);
	sum_print("files", sums->files, out);
	sum_print("capabilities", sums->capabilities, out);
	sum_print("denied", sums->denied, out);
	fputs("</dl>\n", out);
}

static void member_print(const char *words, const char *text, FILE *out)
{
	if (!text)
		return;
	fputs(words, out);
	html_text(text, out);
}

/* `separator` stands before all but the first. */
static void listed_print(const char **separator, const char *words, const char *text, FILE *out)
{
	if (!text)
		return;
	fputs(*separator, out);
	member_print(words, text, out);
	*separator = ", ";
}

/* Where it ran: the last place stands for those before it. */
static void place_print(const struct span *span, FILE *out)
{
	const char *separator = "";
	const struct fact *fact;

	if (!span->count)
		return;
	fact = &span->facts[span->count - 1];
	fputs("<p class=\"muted\">", out);
	listed_print(&separator, "", fact->workload_.engine, out);
	listed_print(&separator, "id ", fact->workload_.id, out);
	listed_print(&separator, "image ", fact->workload_.image, out);
	listed_print(&separator, "executable ", fact->workload_.root, out);
	listed_print(&separator, "", fact->workload_.scope, out);
	member_print(" ", fact->workload_.cgroup, out);
	if (span->count > 1)
		fprintf(out, " (%zu such places)", span->count);
	fputs("</p>\n", out);
}

/* `group`: whose completeness is told behind what the part is; NULL where it was. */
static void part_print(struct html *html, const struct part *part, const char *group)
{
	struct group_sums sums = {};

	place_print(&part->kinds[FACT_WORKLOAD], html->out);
	part_sum(part, &sums);
	sums_print(&sums, html->out);
	html_denied(html, &part->kinds[FACT_DENIED]);
	if (group)
		html_completeness(html, group);
	html_calls(html, &part->kinds[FACT_SYSCALL]);
	html_matrix(html, &part->kinds[FACT_SYSCALL]);
	html_uses(html, part->kinds);
	html_files(html, &part->kinds[FACT_FILE]);
}

static void group_print(struct html *html, size_t number, const char *group)
{
	struct parts parts = {};
	struct part part;
	size_t first = html->parts + 1, last;
	bool is_first = true;
	FILE *out = html->out;

	fprintf(out, "<section aria-labelledby=\"w%zu\">\n<h2 id=\"w%zu\">", number, number);
	html_text(group, out);
	fputs("</h2>\n", out);
	while (part_next(html->model, group, &parts, &part)) {
		html->parts++;
		html->level = 3;
		if (strcmp(part.workload, group) != 0) {
			fprintf(out, "<h3 id=\"instance%zu\">Instance ", html->parts);
			html_text(part.workload, out);
			fputs("</h3>\n", out);
			html->level = 4;
		}
		part_print(html, &part, is_first ? group : NULL);
		is_first = false;
	}
	parts_drop(&parts);
	/* The group's, and so numbered as its first part is. */
	last = html->parts;
	html->parts = first;
	html->level = 3;
	html_profiles(html, group);
	html->parts = last;
	fputs("</section>\n", out);
}

/* ---- the head of the page -------------------------------------------------------------------- */

static void run_print(const struct html *html, const struct fact *header, FILE *out)
{
	const struct fact *end = model_run_fact(html->model, FACT_END, header->run);

	fprintf(out, "<tr><th scope=\"row\"><code>%s</code></th><td>", header->run);
	member_print("", header->recording.what, out);
	member_print(" ", header->recording.target, out);
	if (!header->recording.files)
		fputs(" <small>without results and files</small>", out);
	fputs("</td>", out);
	html_cell(header->recording.started, out);
	if (end)
		html_cell_seconds(end->end.duration_ns, out);
	else
		html_cell("", out);
	fputs(!end                ? "<td><strong>cut short</strong>"
	      : end->end.complete ? "<td>complete"
				  : "<td><strong>incomplete</strong>",
	      out);
	if (end && end->end.status >= 0)
		fprintf(out, ", exit status %d", end->end.status);
	fputs("</td><td>", out);
	member_print("", header->recording.kernel, out);
	member_print(" ", header->recording.machine, out);
	fputs("</td>", out);
	html_cell(header->recording.tool, out);
	fputs("</tr>\n", out);
}

static void runs_print(const struct html *html)
{
	static const struct html_column columns[] = {
		{.title = "Run"},          {.title = "What was recorded"},
		{.title = "Started"},      {.title = "Length (s)", .is_number = true},
		{.title = "How it ended"}, {.title = "Kernel"},
		{.title = "Recorded by"},
	};
	const struct fact *headers;
	size_t count = model_facts(html->model, FACT_RECORDING, &headers), i;
	FILE *out = html->out;

	fputs("<section aria-labelledby=\"runs\"><h2 id=\"runs\">Runs</h2>\n", out);
	html_table_begin("What was recorded, when and where", columns, ARRAY_SIZE(columns), out);
	for (i = 0; i < count && i < RUNS_MAX; i++)
		run_print(html, &headers[i], out);
	html_table_end(out);
	if (i < count)
		fprintf(out, "<p>And %zu more runs.</p>\n", count - i);
	fputs("</section>\n", out);
}

static void remark_print(const struct fact *fact, const char *text, uint64_t count, FILE *out)
{
	fputs("<li>", out);
	html_text(text, out);
	if (count) {
		fputs(" (", out);
		html_number(count, out);
		fputs(")", out);
	}
	member_print(" — ", fact->workload, out);
	fprintf(out, " <small>run %s</small></li>\n", fact->run);
}

/* First and loud. */
static void losses_print(const struct html *html)
{
	const struct fact *facts;
	size_t count = model_facts(html->model, FACT_INCOMPLETE, &facts), i;
	FILE *out = html->out;

	if (!model_incomplete(html->model)) {
		fputs("<p class=\"verdict good\">Complete: nothing was lost while recording.</p>\n",
		      out);
		return;
	}
	fputs("<div class=\"verdict alarm\"><p><strong>Incomplete: something was lost while "
	      "recording, "
	      "and a profile made of it may lack calls.</strong></p>\n<ul>\n",
	      out);
	for (i = 0; i < count; i++)
		remark_print(&facts[i], facts[i].incomplete.text, facts[i].incomplete.count, out);
	fputs("</ul></div>\n", out);
}

static void notes_print(const struct html *html)
{
	const struct fact *facts;
	size_t count = model_facts(html->model, FACT_NOTE, &facts), i;
	size_t others;
	FILE *out = html->out;

	if (count)
		fputs("<section aria-labelledby=\"notes\"><h2 id=\"notes\">Notes</h2>\n<ul>\n",
		      out);
	for (i = 0; i < count; i++)
		remark_print(&facts[i], facts[i].note.text, 0, out);
	if (count)
		fputs("</ul></section>\n", out);
	others = model_facts(html->model, FACT_OTHER, &facts);
	if (others)
		fprintf(out, "<p>%zu fact%s of a kind that this leastcall does not know.</p>\n",
			others, plural(others));
}

/* Of the only group. */
static const char *const contents[][2] = {
	{"completeness", "Completeness"}, {"calls", "System calls"},
	{"capabilities", "Capabilities"}, {"network", "Network"},
	{"operations", "Operations"},     {"files", "Files"},
	{"profiles", "Profiles"},         {"docker", "Docker's default"},
};

static void contents_print(const struct html *html, const struct groups *groups)
{
	FILE *out = html->out;
	size_t i;

	fputs("<nav aria-label=\"Contents\"><ul>\n<li><a href=\"#runs\">Runs</a></li>\n", out);
	for (i = 0; i < groups->count; i++) {
		fprintf(out, "<li><a href=\"#w%zu\">", i + 1);
		html_text(groups->list[i], out);
		fputs("</a></li>\n", out);
	}
	for (i = 0; groups->count == 1 && i < ARRAY_SIZE(contents); i++)
		fprintf(out, "<li><a href=\"#%s1\">%s</a></li>\n", contents[i][0], contents[i][1]);
	fputs("</ul></nav>\n", out);
}

static void title_print(const struct groups *groups, FILE *out)
{
	html_text(groups->count ? groups->list[0] : "nothing", out);
	if (groups->count > 1)
		fprintf(out, " and %zu more", groups->count - 1);
}

static void head_print(const struct html *html, const struct groups *groups)
{
	_cleanup_free_ char *policy = page_policy();
	FILE *out = html->out;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"",
	      out);
	html_raw(policy, out);
	fputs("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
	      out);
	title_print(groups, out);
	fprintf(out,
		" - leastcall</title>\n<style>%s</style>\n</head>\n<body>\n"
		"<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n"
		"<p class=\"brand\">leastcall</p>\n<h1>What ",
		page_css);
	title_print(groups, out);
	fputs(" asks of the kernel</h1>\n", out);
	contents_print(html, groups);
	fputs("</header>\n<main id=\"main\" tabindex=\"-1\">\n", out);
}

/* The groups, or the one that was asked for, or the one instance of it. */
static int groups_choose(const struct html *html, struct groups *ret, struct err *err)
{
	struct parts parts = {};
	struct part part;
	bool is_there;

	if (!html->options->workload) {
		groups_list(html->model, ret);
		return 0;
	}
	is_there = part_next(html->model, html->options->workload, &parts, &part);
	parts_drop(&parts);
	if (!is_there)
		return err_set(err, -EINVAL, "no workload \"%s\" in the recording",
			       html->options->workload);
	ret->list = xcalloc(1, sizeof(*ret->list));
	ret->list[ret->count++] = xstrdup(html->options->workload);
	return 0;
}

int show_emit_html(const struct model *model, const struct emit_options *options, FILE *out,
		   struct err *err)
{
	struct html html = {.model = model, .options = options, .out = out};
	_cleanup_groups_ struct groups groups = {};
	int r = groups_choose(&html, &groups, err);
	size_t i;

	if (r)
		return r;
	head_print(&html, &groups);
	losses_print(&html);
	runs_print(&html);
	for (i = 0; i < groups.count; i++)
		group_print(&html, i + 1, groups.list[i]);
	notes_print(&html);
	fprintf(out,
		"</main>\n<footer><p>Made by <code>leastcall show --html</code>. The page needs "
		"no network; without its script only sorting, searching and copying are gone."
		"</p></footer>\n<script>%s</script>\n</body>\n</html>\n",
		page_js);
	return 0;
}
