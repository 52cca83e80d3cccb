/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the parts of the page share. Everything that was not written here goes through html_text(), or
 * html_raw() where its lines are to stay: nothing else may put a name into the page. No style and no
 * script stands in an attribute, for the page forbids both.
 */
#ifndef LEASTCALL_HTML_H
#define LEASTCALL_HTML_H

#include "show.h"

/* Escaped for text and for attributes in double quotes; what a recording says is made visible first. */
void html_text(const char *text, FILE *out);
/* Escaped only: newlines and tabs stay, other control characters and what is no UTF-8 do not. */
void html_raw(const char *text, FILE *out);

struct html {
	const struct model *model;
	const struct emit_options *options;
	FILE *out;
	size_t parts; /* how many were begun: ids end with their number */
	int level;    /* of the headings of a workload's parts */
};

/* A heading, once a part for each id; both are the program's own words. */
void html_heading(struct html *html, const char *id, const char *text);

struct html_column {
	const char *title;
	bool is_number;
	const char *sorted; /* as it comes: "ascending", "descending" or NULL */
};
/* Up to the body, and behind it. The script sorts by data-v where a cell has it, else by its text. */
void html_table_begin(const char *caption, const struct html_column *columns, size_t count,
		      FILE *out);
void html_table_end(FILE *out);
void html_cell(const char *text, FILE *out);
void html_cell_number(uint64_t value, FILE *out);
void html_cell_seconds(uint64_t ns, FILE *out);
void html_cell_tier(enum tier tier, FILE *out);
/* Whose facts these are. */
void html_cell_who(const struct span *span, unsigned int phases, FILE *out);
/* A word for each, with its count. */
void html_names(const struct names *names, FILE *out);
/* "1,234" */
void html_number(uint64_t value, FILE *out);

/* The parts: of a workload ... */
void html_calls(struct html *html, const struct span *span);
void html_matrix(struct html *html, const struct span *span);
void html_denied(struct html *html, const struct span *span);
void html_uses(struct html *html, const struct span *kinds);
void html_files(struct html *html, const struct span *span);
/* ... and of a group of them. */
void html_completeness(struct html *html, const char *group);
void html_curve(struct html *html, const struct completeness *completeness);
void html_profiles(struct html *html, const char *group);

/* The style and the script that stand in the page, and the policy that lets these two run, and nothing
 * else: the caller frees it. */
extern const char page_css[], page_js[];
char *page_policy(void);

#endif
