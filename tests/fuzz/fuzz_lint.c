/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libFuzzer: any bytes as a profile for lint. What it finds has a place in the text and words that
 * may go to a terminal; what it has no fault to find with is JSON. The first byte chooses --for.
 */
#include <stdlib.h>
#include <string.h>

#include "leaks.h"
#include "lint/lint.h"
#include "model/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "broken: %s\n", #condition);                               \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

static void finding_check(const struct lint_finding *finding, size_t size)
{
	const char *at;

	MUST(finding->id < LINT_IDS && finding->offset <= size);
	MUST(finding->line && finding->column && *finding->words);
	for (at = finding->words; *at; at++)
		MUST((unsigned char)*at >= 0x20 && *at != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lint_options options = {};
	struct err err = {};
	struct lint lint;
	cJSON *json;
	size_t i;
	char *text;

	if (!size)
		return 0;
	options.reader = data[0] % READERS;
	/* A copy of just this size and its NUL, so that reading behind it shows. */
	text = calloc(size, 1);
	MUST(text);
	memcpy(text, data + 1, size - 1);
	lint_profile(text, size - 1, &options, &lint);
	for (i = 0; i < lint.count; i++) {
		finding_check(&lint.list[i], size);
		MUST(!i || lint.list[i - 1].offset <= lint.list[i].offset);
	}
	MUST(lint.reader != READER_GUESS);
	if (!lint.counts[LINT_ERROR]) {
		MUST(!json_parse(text, size - 1, &json, &err));
		cJSON_Delete(json);
	}
	lint_drop(&lint);
	free(text);
	return 0;
}
