/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Strict reading on top of cJSON, and how a string is written. Knows nothing of facts and profiles. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "text.h"

static int key_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A key that stands twice in this object; NULL where there is none. */
static const char *object_duplicate(const cJSON *object)
{
	_cleanup_free_ const char **keys = NULL;
	size_t count = 0;
	const cJSON *item;

	cJSON_ArrayForEach (item, object)
		count++;
	if (count < 2)
		return NULL;
	keys = xcalloc(count, sizeof(*keys));
	count = 0;
	cJSON_ArrayForEach (item, object)
		keys[count++] = item->string;
	qsort(keys, count, sizeof(*keys), key_compare);
	for (size_t i = 1; i < count; i++) {
		if (!strcmp(keys[i - 1], keys[i]))
			return keys[i];
	}
	return NULL;
}

/* The same at any depth; cJSON bounds that at 1,000. */
static const char *duplicate_find(const cJSON *value)
{
	const char *found = cJSON_IsObject(value) ? object_duplicate(value) : NULL;
	const cJSON *item;

	cJSON_ArrayForEach (item, value) {
		if (found)
			break;
		found = duplicate_find(item);
	}
	return found;
}

int json_parse(const char *text, size_t size, cJSON **ret, struct err *err)
{
	_cleanup_free_ char *shown = NULL;
	const char *end = text, *twice;
	cJSON *value;

	value = cJSON_ParseWithLengthOpts(text, size, &end, false);
	if (!value)
		return err_set(err, -EBADMSG, "not JSON");
	while (end < text + size && strchr(" \t\r\n", *end) && *end)
		end++;
	twice = duplicate_find(value);
	if (end >= text + size && !twice) {
		*ret = value;
		return 0;
	}
	if (twice) {
		shown = text_printable(twice);
		err_set(err, -EBADMSG, "\"%.60s\" stands twice in one object", shown);
	} else {
		err_set(err, -EBADMSG, "not JSON: something follows the object");
	}
	cJSON_Delete(value);
	return -EBADMSG;
}

int json_strings_check(const char *text, size_t size, struct err *err)
{
	bool inside = false;
	size_t i;

	if (memchr(text, '\0', size))
		return err_set(err, -EBADMSG, "holds a NUL byte");
	if (!text_is_utf8(text, size))
		return err_set(err, -EBADMSG, "is not UTF-8");
	for (i = 0; i < size; i++) {
		if (text[i] == '"')
			inside = !inside;
		else if (inside && (unsigned char)text[i] < 0x20)
			return err_set(err, -EBADMSG, "not JSON: a control character in a string");
		if (!inside || text[i] != '\\')
			continue;
		i++;
		if (size - i >= 5 && !memcmp(text + i, "u0000", 5))
			return err_set(err, -EBADMSG, "holds a NUL character");
	}
	return 0;
}

static void character_print(uint32_t character, FILE *out)
{
	if (character < 0x10000) {
		fprintf(out, "\\u%04x", character);
		return;
	}
	character -= 0x10000;
	fprintf(out, "\\u%04x\\u%04x", 0xd800 | character >> 10, 0xdc00 | (character & 0x3ff));
}

void json_text_print(const char *text, FILE *out)
{
	size_t left = strlen(text), size;
	uint32_t character;

	fputc('"', out);
	for (; left; text += size, left -= size) {
		size = text_character(text, left, &character);
		if (size && text_acts(character)) {
			character_print(character, out);
			continue;
		}
		size = size ? size : 1;
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fwrite(text, 1, size, out);
	}
	fputc('"', out);
}

char *json_escape(const char *text)
{
	_cleanup_free_ char *escaped = NULL;
	const unsigned char *plain = (const unsigned char *)text;
	size_t left = strlen(text), size, written;
	uint32_t character;
	FILE *out;

	/* Nearly always there is nothing to do, a million times. */
	while (*plain && *plain < 0x7f)
		plain++;
	if (!*plain)
		return xstrdup(text);
	out = xmemstream(&escaped, &written);
	for (; left; text += size, left -= size) {
		size = text_character(text, left, &character);
		/* Between the strings are line feeds and tabs; within them cJSON escapes those. */
		if (size && character > 0x1f && text_acts(character)) {
			character_print(character, out);
			continue;
		}
		size = size ? size : 1;
		fwrite(text, 1, size, out);
	}
	fclose(out);
	return take(escaped);
}

void json_print(const cJSON *value, FILE *out)
{
	_cleanup_free_ char *text = cJSON_Print(value), *escaped = NULL;

	if (!text)
		abort();
	escaped = json_escape(text);
	fprintf(out, "%s\n", escaped);
}
