/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Text, tables and headings of the page: what its parts are written with. Knows no facts. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "model/text.h"

/* Is it written as it is? */
static bool is_plain(uint32_t character)
{
	return character == '\n' || character == '\t' ||
	       (character >= 0x20 && (character < 0x7f || character > 0x9f));
}

void html_raw(const char *text, FILE *out)
{
	size_t left = strlen(text), size;
	uint32_t character;

	for (; left; text += size, left -= size) {
		size = text_character(text, left, &character);
		if (!size || !is_plain(character)) {
			fputs("&#xfffd;", out);
			size += !size;
		} else if (strchr("&<>\"'", *text)) {
			fprintf(out, "&#%d;", *text);
		} else {
			fwrite(text, 1, size, out);
		}
	}
}

void html_text(const char *text, FILE *out)
{
	_cleanup_free_ char *printable = text_printable(text);

	html_raw(printable, out);
}

void html_heading(struct html *html, const char *id, const char *text)
{
	fprintf(html->out, "<h%d id=\"%s%zu\">", html->level, id, html->parts);
	html_raw(text, html->out);
	fprintf(html->out, "</h%d>\n", html->level);
}

void html_table_begin(const char *caption, const struct html_column *columns, size_t count,
		      FILE *out)
{
	size_t i;

	fputs("<div class=\"scroll\"><table>\n<caption>", out);
	html_raw(caption, out);
	fputs("</caption>\n<thead><tr>", out);
	for (i = 0; i < count; i++) {
		fprintf(out, "<th scope=\"col\"%s",
			columns[i].is_number ? " class=\"number\"" : "");
		if (columns[i].sorted)
			fprintf(out, " aria-sort=\"%s\"", columns[i].sorted);
		fputc('>', out);
		html_text(columns[i].title, out);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

void html_table_end(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}

void html_cell(const char *text, FILE *out)
{
	fputs("<td>", out);
	html_text(text ? text : "", out);
	fputs("</td>", out);
}

void html_number(uint64_t value, FILE *out)
{
	char digits[24];
	size_t size = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, value), i;

	for (i = 0; i < size; i++) {
		if (i && (size - i) % 3 == 0)
			fputc(',', out);
		fputc(digits[i], out);
	}
}

void html_cell_number(uint64_t value, FILE *out)
{
	fprintf(out, "<td class=\"number\" data-v=\"%" PRIu64 "\">", value);
	html_number(value, out);
	fputs("</td>", out);
}

void html_cell_seconds(uint64_t ns, FILE *out)
{
	fprintf(out, "<td class=\"number\" data-v=\"%" PRIu64 "\">%" PRIu64 ".%06" PRIu64 "</td>",
		ns, ns / 1000000000, ns / 1000 % 1000000);
}

void html_cell_tier(enum tier tier, FILE *out)
{
	fprintf(out, "<td data-v=\"%d\"><span class=\"tier %s\">%s</span></td>", (int)tier,
		tier_name(tier), tier_name(tier));
}

void html_cell_who(const struct span *span, unsigned int phases, FILE *out)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *who = xmemstream(&text, &size);

	who_print(span, phases, who);
	fclose(who);
	fputs("<td class=\"who\">", out);
	html_raw(text, out);
	fputs("</td>", out);
}

void html_names(const struct names *names, FILE *out)
{
	size_t i;

	for (i = 0; i < names->count; i++) {
		fputs(i ? " <code>" : "<code>", out);
		html_text(names->list[i], out);
		fputs("</code>", out);
	}
}
