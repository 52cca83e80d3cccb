/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* JSON that comes from anybody, read strictly. Knows nothing of facts and profiles. */
#ifndef LEASTCALL_JSON_H
#define LEASTCALL_JSON_H

#include <cjson/cJSON.h>

#include "util/util.h"

/*
 * Parses one JSON value that is all of the text. Refuses what readers take differently: a key that
 * stands twice in one object (Go's take the last, others the first), or anything behind the value.
 * *ret is the caller's, cJSON_Delete(). Returns 0, or -EBADMSG with the words in err.
 */
int json_parse(const char *text, size_t size, cJSON **ret, struct err *err);
/*
 * Refuses what cJSON lets through and JSON does not: bare control characters in strings; and \u0000,
 * which it takes for the string's end. Returns as json_parse().
 */
int json_strings_check(const char *text, size_t size, struct err *err);
/*
 * A string in its quotes; the text is well-formed UTF-8 (text.h). What acts on a terminal (text_acts())
 * is escaped, which readers take back.
 */
void json_text_print(const char *text, FILE *out);
/* JSON that is text already, the strings in it escaped as above. The caller frees it. */
char *json_escape(const char *text);
/* A value over several lines, its strings escaped as above. */
void json_print(const cJSON *value, FILE *out);

#endif
