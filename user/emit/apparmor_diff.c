/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Differences of AppArmor profiles as lines for people, or as JSON. Finds none itself. */
#include <stdlib.h>
#include <string.h>

#include "apparmor/aa_diff.h"
#include "emit.h"
#include "model/json.h"
#include "model/text.h"

void apparmor_diff_print(const struct aa_diff *diff, FILE *out)
{
	size_t i;

	for (i = 0; i < diff->count; i++) {
		_cleanup_free_ char *shown = text_printable(diff->list[i].text);

		fprintf(out, "%s: %s\n", diff->list[i].added ? "added" : "removed", shown);
	}
}

static void list_print(const struct aa_diff *diff, bool added, FILE *out)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < diff->count; i++) {
		const char *text = diff->list[i].text;
		_cleanup_free_ char *escaped = NULL;

		if (diff->list[i].added != added)
			continue;
		if (!text_is_utf8(text, strlen(text)))
			escaped = text_escape(text, strlen(text));
		fputs(comma, out);
		json_text_print(escaped ? escaped : text, out);
		comma = ", ";
	}
}

void apparmor_diff_print_json(const struct aa_diff *diff, FILE *out)
{
	fputs("{\"added\": [", out);
	list_print(diff, true, out);
	fputs("], \"removed\": [", out);
	list_print(diff, false, out);
	fputs("]}\n", out);
}
