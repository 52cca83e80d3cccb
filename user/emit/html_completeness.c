/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How complete a recording is, on the page: when calls were new, how runs agree, and what there is no
 * sign of. What is told is counted in policy/completeness.c. */
#include <ctype.h>
#include <stdlib.h>

#include "html.h"

#define SAMPLES_MAX 50

static void samples_print(const struct completeness *completeness, FILE *out)
{
	static const struct html_column columns[] = {
		{.title = "Run"},
		{.title = "Calls", .is_number = true},
		{.title = "New", .is_number = true},
		{.title = "50 % seen after (s)", .is_number = true},
		{.title = "90 %", .is_number = true},
		{.title = "99 %", .is_number = true},
		{.title = "100 %", .is_number = true},
		{.title = "Length (s)", .is_number = true},
	};
	size_t i, k;

	_Static_assert(SATURATION_POINTS == 4, "a column each");
	html_table_begin("When calls were new, in the order of the runs", columns,
			 ARRAY_SIZE(columns), out);
	for (i = 0; i < completeness->sample_count && i < SAMPLES_MAX; i++) {
		const struct sample *sample = &completeness->samples[i];

		fputs("<tr><th scope=\"row\">", out);
		html_text(sample->workload, out);
		fprintf(out, " <small>%s</small></th>", sample->run);
		html_cell_number(sample->calls, out);
		html_cell_number(sample->fresh, out);
		for (k = 0; k < SATURATION_POINTS; k++)
			html_cell_seconds(sample->seen_ns[k], out);
		if (sample->length_ns)
			html_cell_seconds(sample->length_ns, out);
		else
			html_cell("not known", out);
		fputs("</tr>\n", out);
	}
	html_table_end(out);
	if (i < completeness->sample_count)
		fprintf(out, "<p>And %zu more runs.</p>\n", completeness->sample_count - i);
}

static void lacks_print(const struct completeness *completeness, FILE *out)
{
	_cleanup_free_ const struct rare_path **paths = NULL;
	_cleanup_names_ struct names allowed = {};
	size_t count, i, k;

	completeness_allowed(completeness, &allowed);
	count = completeness_lacks(completeness, &allowed, &paths);
	if (!count)
		return;
	fputs("<p>There is no sign of what programs of this kind do some day. How to provoke it, "
	      "and "
	      "what they may call then:</p>\n<dl>\n",
	      out);
	for (i = 0; i < count; i++) {
		fputs("<dt>", out);
		html_text(paths[i]->what, out);
		fputs("</dt><dd>", out);
		html_text(paths[i]->happens, out);
		fputs(". To provoke it: ", out);
		html_text(paths[i]->provoke, out);
		fputs(". It may call", out);
		for (k = 0; k < ARRAY_SIZE(paths[i]->calls) && paths[i]->calls[k]; k++) {
			if (names_have(&allowed, paths[i]->calls[k]))
				continue;
			fputs(" <code>", out);
			html_text(paths[i]->calls[k], out);
			fputs("</code>", out);
		}
		fputs("</dd>\n", out);
	}
	fputs("</dl>\n", out);
}

void html_completeness(struct html *html, const char *group)
{
	_cleanup_completeness_ struct completeness completeness = {};
	_cleanup_free_ char *line = NULL;
	FILE *out = html->out;

	completeness_make(html->model, group, &completeness);
	html_heading(html, "completeness", "Completeness");
	if (!completeness.sample_count) {
		fputs("<p>No system call of the application was recorded.</p>\n", out);
		return;
	}
	line = completeness_line(&completeness);
	*line = (char)toupper(*line);
	fputs("<p class=\"line\">", out);
	html_text(line, out);
	fputs(".</p>\n", out);
	html_curve(html, &completeness);
	samples_print(&completeness, out);
	lacks_print(&completeness, out);
}
