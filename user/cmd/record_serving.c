/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What --serving-after may say. Every text is one that can be waited for: what was probably meant as
 * something else is taken as it stands, and that is said.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "record.h"

#define TEXT_SIZE_MAX  256
#define UNIT_SIZE_MAX  8
#define SECONDS_MAX    1e9
#define KEYWORD        "first-accept"
#define KEYWORD_MISSES 3 /* letters that are wrong, missing or too many */

int serving_parse(const char *text, struct record_options *options)
{
	char *end;
	double value = strtod(text, &end);

	if (!strcmp(text, KEYWORD))
		options->serving_accept = true;
	else if (!*end && end != text && isfinite(value) && value > 0 && value <= SECONDS_MAX)
		options->serving_seconds = value;
	else if (*text && strlen(text) <= TEXT_SIZE_MAX)
		options->serving_text = text;
	else
		return usage_error("record",
				   "--serving-after wants " KEYWORD ", seconds, or a text "
				   "of 1 to %d bytes",
				   TEXT_SIZE_MAX);
	return 0;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters must be changed, left out or added to make the keyword of it (Levenshtein). */
static size_t keyword_misses(const char *text)
{
	static const char keyword[] = KEYWORD;
	size_t row[sizeof(keyword)], i, k, above, next;

	for (k = 0; k < sizeof(keyword); k++)
		row[k] = k;
	for (i = 0; text[i]; i++) {
		above = row[0];
		row[0] = i + 1;
		for (k = 1; k < sizeof(keyword); k++) {
			next = least(row[k], row[k - 1]) + 1;
			next = least(next,
				     above + (tolower((unsigned char)text[i]) != keyword[k - 1]));
			above = row[k];
			row[k] = next;
		}
	}
	return row[sizeof(keyword) - 1];
}

/* "10sec", "5 s", "0": a number that is not one of seconds, or has a word behind it. */
static bool is_nearly_number(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *digits = text + strspn(text, "+-.");
	char *unit;
	size_t size;

	if (*digits < '0' || *digits > '9')
		return false;
	strtod(text, &unit);
	unit += *unit == ' ';
	size = strspn(unit, letters);
	return size <= UNIT_SIZE_MAX && !unit[size];
}

void serving_hint(const struct record_options *options)
{
	const char *text = options->serving_text, *meant = NULL;

	if (!text)
		return;
	if (keyword_misses(text) <= KEYWORD_MISSES)
		meant = KEYWORD;
	else if (is_nearly_number(text))
		meant = "a number of seconds";
	if (meant)
		hint("--serving-after %s: taken as a text to wait for, not as %s", text, meant);
}
