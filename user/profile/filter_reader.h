/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the readers of a profile's JSON share: words, numbers, and how the place of a mistake is
 * named. Knows no key.
 */
#ifndef LEASTCALL_FILTER_READER_H
#define LEASTCALL_FILTER_READER_H

#include <cjson/cJSON.h>

#include "filter_json.h"

struct reader {
	const struct filter_options *options;
	struct err *err;
	char place[64]; /* "syscalls[3].args[0]." */
};

/* -EBADMSG, and the words in reader->err behind the place and the key; "": the object itself. */
int reader_wrong(const struct reader *reader, const char *key, const char *words);
/* Tells reader->options->warn where the object has the key. */
void reader_ignore(const struct reader *reader, const cJSON *object, const char *key,
		   const char *why);
/* One of the words. 0, or -EBADMSG with the words in reader->err. */
int reader_word(const struct reader *reader, const char *key, const cJSON *item,
		const struct profile_word *words, size_t count, uint32_t *ret);
/* A whole number, exact up to 2^64 - 1; *ret is untouched where the key is absent. */
int reader_number(const struct reader *reader, const cJSON *object, const char *key, bool required,
		  uint64_t max, uint64_t *ret);
/*
 * cJSON keeps numbers as doubles. Long ones are put in quotes behind a mark, so that a 64-bit mask
 * arrives whole at reader_number(). Returns a new text of *size bytes.
 */
char *reader_numbers_keep(const char *text, size_t *size);

#endif
