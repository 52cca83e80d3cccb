/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Findings as lines that editors jump by, and as JSON. Knows no finding. */
#include "lint.h"
#include "model/json.h"
#include "model/text.h"

void lint_print(const struct lint *lint, const char *file, enum lint_level least, FILE *out)
{
	_cleanup_free_ char *shown = text_printable(file);
	const struct lint_finding *finding;
	const struct lint_row *row;

	for (finding = lint->list; finding < lint->list + lint->count; finding++) {
		row = &lint_rows[finding->id];
		if (row->level >= least)
			fprintf(out, "%s:%zu:%zu: %s: %s [%s]\n", shown, finding->line,
				finding->column, lint_level_name(row->level), finding->words,
				row->id);
	}
}

void lint_print_json(const struct lint *lint, const char *file, enum lint_level least, bool *first,
		     FILE *out)
{
	_cleanup_free_ char *shown = text_printable(file);
	const struct lint_finding *finding;
	const struct lint_row *row;

	for (finding = lint->list; finding < lint->list + lint->count; finding++) {
		row = &lint_rows[finding->id];
		if (row->level < least)
			continue;
		fputs(*first ? "\n{\"file\":" : ",\n{\"file\":", out);
		*first = false;
		json_text_print(shown, out);
		fprintf(out,
			",\"line\":%zu,\"column\":%zu,\"level\":\"%s\",\"id\":\"%s\",\"message\":",
			finding->line, finding->column, lint_level_name(row->level), row->id);
		json_text_print(finding->words, out);
		fputc('}', out);
	}
}
