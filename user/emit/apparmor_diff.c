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

static void difference_print_json(const struct aa_difference *difference, FILE *out)
{
	const char *text = difference->text;
	_cleanup_free_ char *escaped = NULL;

	if (!text_is_utf8(text, strlen(text)))
		escaped = text_escape(text, strlen(text));
	fprintf(out,
		"{\"what\":\"%s\",\"new\":%s,\"name\":", difference->added ? "added" : "removed",
		difference->added && difference->grants ? "true" : "false");
	json_text_print(escaped ? escaped : text, out);
	fputc('}', out);
}

bool apparmor_diff_has_new(const struct aa_diff *diff)
{
	size_t i;

	for (i = 0; i < diff->count; i++)
		if (diff->list[i].added && diff->list[i].grants)
			return true;
	return false;
}

void apparmor_diff_print_json(const struct aa_diff *diff, FILE *out)
{
	size_t i;

	fprintf(out, "{\"new\":%s,\"differences\":[",
		apparmor_diff_has_new(diff) ? "true" : "false");
	for (i = 0; i < diff->count; i++) {
		fputs(i ? ",\n" : "\n", out);
		difference_print_json(&diff->list[i], out);
	}
	fputs(diff->count ? "\n]}\n" : "]}\n", out);
}
