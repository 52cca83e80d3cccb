/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A line of JSON as a fact. Recordings come from anybody: every key is checked for its type and its
 * range, and strings are brought into the one escaped form, so that equal bytes compare equal.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "fact_field.h"
#include "json.h"
#include "text.h"

struct fact_storage {
	cJSON *json;
	char **texts;
	size_t text_count;
	uint16_t *codes;
};

struct parse {
	const cJSON *object;
	struct fact_storage *storage;
	struct err *err;
};

void fact_free(struct fact_storage *storage)
{
	size_t i;

	if (!storage)
		return;
	for (i = 0; i < storage->text_count; i++)
		free(storage->texts[i]);
	free(storage->texts);
	cJSON_Delete(storage->json);
	free(storage->codes);
	free(storage);
}

/* The value, or NULL: with 0 where the key may be absent, with -EBADMSG where it may not. */
static int key_get(const struct parse *p, const struct field *field, const cJSON **ret)
{
	*ret = cJSON_GetObjectItemCaseSensitive(p->object, field->key);
	if (!*ret && field->need == FIELD_MUST)
		return err_set(p->err, -EBADMSG, "\"%s\" is missing", field->key);
	return 0;
}

/* Takes the text over. */
static const char *text_keep(struct fact_storage *storage, char *text)
{
	storage->texts = xrealloc(storage->texts, storage->text_count + 1, sizeof(*storage->texts));
	storage->texts[storage->text_count++] = text;
	return text;
}

static int text_get(struct parse *p, const struct field *field, const char **ret)
{
	const cJSON *item;
	int r = key_get(p, field, &item);

	if (!item)
		return r;
	if (!cJSON_IsString(item))
		return err_set(p->err, -EBADMSG, "\"%s\" is not a string", field->key);
	if (strchr(item->valuestring, '\\')) /* equal bytes in equal words: \101 is A */
		*ret = text_keep(p->storage, text_settle(item->valuestring));
	else if (*item->valuestring)
		*ret = item->valuestring;
	else if (field->need == FIELD_MUST)
		return err_set(p->err, -EBADMSG, "\"%s\" is empty", field->key);
	return 0;
}

/* Of a path, in bytes: as long as AppArmor takes one (2 * PATH_MAX). */
#define PATH_BYTES_MAX 8192

static int path_get(struct parse *p, const struct field *field, const char **ret)
{
	size_t size = 0;
	const char *c;
	int r = text_get(p, field, ret);

	/* Of an escape, the backslash alone. */
	for (c = r || !*ret ? "" : *ret; *c; c += *c == '\\' ? 4 : 1)
		size++;
	if (size > PATH_BYTES_MAX)
		return err_set(p->err, -EBADMSG, "\"%s\" has %zu bytes, a path at most %d",
			       field->key, size, PATH_BYTES_MAX);
	return r;
}

static bool whole_number(const cJSON *item, uint64_t *ret)
{
	const char *digits = item->valuestring;
	char *end;

	if (cJSON_IsNumber(item)) {
		if (!(item->valuedouble >= 0 && item->valuedouble <= (double)EXACT_MAX))
			return false;
		*ret = (uint64_t)item->valuedouble;
		return (double)*ret == item->valuedouble;
	}
	if (!cJSON_IsString(item) || !*digits || digits[strspn(digits, "0123456789")])
		return false;
	errno = 0;
	*ret = strtoull(digits, &end, 10);
	return errno == 0;
}

/* *ret stays as it is where the key is absent: so do the next ones. */
static int number_get(struct parse *p, const struct field *field, uint64_t max, uint64_t *ret)
{
	const cJSON *item;
	uint64_t value;
	int r = key_get(p, field, &item);

	if (!item)
		return r;
	if (!whole_number(item, &value) || value > max)
		return err_set(p->err, -EBADMSG, "\"%s\" is not a whole number from 0 to %llu",
			       field->key, (unsigned long long)max);
	*ret = value;
	return 0;
}

static int bool_get(struct parse *p, const struct field *field, uint64_t no, uint64_t yes,
		    uint64_t *ret)
{
	const cJSON *item;
	int r = key_get(p, field, &item);

	if (!item)
		return r;
	if (!cJSON_IsBool(item))
		return err_set(p->err, -EBADMSG, "\"%s\" is neither true nor false", field->key);
	*ret = cJSON_IsTrue(item) ? yes : no;
	return 0;
}

/* A word that this version does not know may need a rule or none: an error. */
static int word_get(struct parse *p, const struct field *field, uint64_t *ret)
{
	_cleanup_free_ char *shown = NULL;
	const char *text = NULL, *word;
	int r = text_get(p, field, &text);

	if (r || !text)
		return r;
	for (uint64_t i = 0; i < FIELD_WORDS_MAX; i++) {
		word = field_word(field->type, i);
		if (word && !strcmp(text, word)) {
			*ret = i;
			return 0;
		}
	}
	shown = text_printable(text);
	return err_set(p->err, -EBADMSG, "unknown %s \"%.40s\"", field->key, shown);
}

static int code_compare(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static int errnos_get(struct parse *p, const struct field *field, struct fact *fact)
{
	const cJSON *array, *item;
	uint16_t *codes;
	uint64_t value;
	size_t count = 0, i, used = 0;
	int r = key_get(p, field, &array);

	if (!array)
		return r;
	if (!cJSON_IsArray(array))
		return err_set(p->err, -EBADMSG, "\"errnos\" is not an array");
	codes = p->storage->codes = xcalloc((size_t)cJSON_GetArraySize(array), sizeof(*codes));
	cJSON_ArrayForEach (item, array) {
		if (!whole_number(item, &value) || value > ERRNO_MAX)
			return err_set(p->err, -EBADMSG,
				       "\"errnos\" holds something else than numbers from 0 to %d",
				       ERRNO_MAX);
		codes[count++] = (uint16_t)value;
	}
	qsort(codes, count, sizeof(*codes), code_compare);
	for (i = 0; i < count; i++)
		if (!used || codes[used - 1] != codes[i])
			codes[used++] = codes[i];
	fact->syscall.has_errnos = true;
	fact->syscall.errnos = (struct errno_set){.codes = codes, .count = used};
	return 0;
}

static int perms_get(struct parse *p, const struct field *field, uint64_t *ret)
{
	const char *letters = NULL, *known;
	int r = text_get(p, field, &letters);

	if (r)
		return r;
	for (; *letters; letters++) {
		known = strchr(perm_letters, *letters);
		if (!known)
			return err_set(p->err, -EBADMSG,
				       "\"perms\" holds letters other than \"%s\"", perm_letters);
		*ret |= 1u << (known - perm_letters);
	}
	return 0;
}

/* A flag that this version does not know would make a path seem what it is not: an error. */
static int flags_get(struct parse *p, const struct field *field, uint64_t *ret)
{
	const cJSON *array, *item;
	size_t bit;
	int r = key_get(p, field, &array);

	if (!array)
		return r;
	if (!cJSON_IsArray(array))
		return err_set(p->err, -EBADMSG, "\"flags\" is not an array");
	cJSON_ArrayForEach (item, array) {
		for (bit = 0; bit < PATH_FLAGS; bit++)
			if (cJSON_IsString(item) &&
			    !strcmp(item->valuestring, path_flag_names[bit]))
				break;
		if (bit == PATH_FLAGS)
			return err_set(p->err, -EBADMSG, "\"flags\" holds an unknown flag");
		*ret |= 1u << bit;
	}
	return 0;
}

/* The arguments by their index, "0" to "5". */
static int values_get(struct parse *p, const struct field *field, struct fact *fact)
{
	const cJSON *object, *item;
	uint64_t value;
	int r = key_get(p, field, &object);

	if (!object)
		return r;
	if (!cJSON_IsObject(object) || !object->child)
		return err_set(p->err, -EBADMSG, "\"args\" is not an object of arguments");
	cJSON_ArrayForEach (item, object) {
		if (strlen(item->string) != 1 || *item->string < '0' ||
		    *item->string >= '0' + CALL_ARGS || !whole_number(item, &value))
			return err_set(p->err, -EBADMSG,
				       "\"args\" holds something else than whole numbers by an "
				       "index from 0 to %d",
				       CALL_ARGS - 1);
		fact->arguments.known |= 1u << (*item->string - '0');
		fact->arguments.values[*item->string - '0'] = value;
	}
	return 0;
}

static int numbered_get(struct parse *p, const struct field *field, uint64_t *ret)
{
	uint64_t wide = UINT64_MAX;
	int r;

	switch (field->type) {
	case FIELD_NUMBER:
		return number_get(p, field, field->size == 8 ? UINT64_MAX : UINT32_MAX, ret);
	case FIELD_ERRNO:
		return number_get(p, field, ERRNO_MAX, ret);
	case FIELD_STATUS:
		r = number_get(p, field, INT32_MAX, &wide);
		*ret = wide + 1; /* none: 0 */
		return r;
	case FIELD_BOOL:
		return bool_get(p, field, false, true, ret);
	case FIELD_OWNER:
		return bool_get(p, field, OWNER_NO, OWNER_YES, ret);
	case FIELD_PERMS:
		return perms_get(p, field, ret);
	case FIELD_FLAGS:
		return flags_get(p, field, ret);
	default:
		return word_get(p, field, ret);
	}
}

static int field_get(struct parse *p, const struct field *field, struct fact *fact)
{
	uint64_t number = 0;
	int r;

	switch (field->type) {
	case FIELD_TEXT:
		return text_get(p, field, field_text(fact, field));
	case FIELD_PATH:
		return path_get(p, field, field_text(fact, field));
	case FIELD_NAME:
		return 0;
	case FIELD_ERRNOS:
		return errnos_get(p, field, fact);
	case FIELD_VALUES:
		return values_get(p, field, fact);
	default:
		r = numbered_get(p, field, &number);
		if (!r)
			field_number_set(fact, field, number);
		return r;
	}
}

static int known_parse(struct parse *p, struct fact *fact)
{
	const struct field *field = fact_fields[fact->kind];
	int r = field_get(p, field, fact);

	if (r)
		return r;
	if (strlen(fact->run) != 16 || fact->run[strspn(fact->run, "0123456789abcdef")])
		return err_set(p->err, -EBADMSG, "\"run\" is not 16 lower-case hex digits");
	while ((++field)->key) {
		r = field_get(p, field, fact);
		if (r)
			return r;
	}
	if (fact->kind == FACT_RECORDING && fact->recording.format != RECORDING_FORMAT)
		return err_set(p->err, -EBADMSG,
			       "format %u is not one that this leastcall reads (%d)",
			       fact->recording.format, RECORDING_FORMAT);
	return 0;
}

static int other_parse(struct parse *p, const char *line, size_t size, struct fact *fact)
{
	char *text;

	while (size && strchr(" \t\r\n", line[size - 1]))
		size--;
	while (size && strchr(" \t\r\n", *line)) {
		line++;
		size--;
	}
	/* As it will be written: a line that was merged once is the same line. */
	text = xstrndup(line, size);
	fact->other.line = text_keep(p->storage, json_escape(text));
	free(text);
	return 0;
}

static int line_parse(const char *line, size_t size, cJSON **ret, struct err *err)
{
	int r = json_strings_check(line, size, err);

	if (!r)
		r = json_parse(line, size, ret, err);
	if (!r && !cJSON_IsObject(*ret)) {
		cJSON_Delete(take(*ret));
		r = err_set(err, -EBADMSG, "not a JSON object");
	}
	return r;
}

int fact_parse(const char *line, size_t size, struct fact *ret, struct fact_storage **ret_storage,
	       struct err *err)
{
	struct fact_storage *storage = xcalloc(1, sizeof(*storage));
	struct parse p = {.storage = storage, .err = err};
	struct fact fact = {.kind = FACT_OTHER};
	static const struct field fact_name = {.key = "fact", .need = FIELD_MUST};
	const char *name = NULL;
	int kind, r;

	r = line_parse(line, size, &storage->json, err);
	p.object = storage->json;
	if (!r)
		r = text_get(&p, &fact_name, &name);
	if (r) {
		fact_free(storage);
		return r;
	}
	for (kind = 0; kind < FACT_OTHER; kind++)
		if (!strcmp(name, fact_kind_name(kind)))
			fact.kind = kind;
	r = fact.kind == FACT_OTHER ? other_parse(&p, line, size, &fact) : known_parse(&p, &fact);
	if (r) {
		fact_free(storage);
		return r;
	}
	*ret = fact;
	*ret_storage = storage;
	return 0;
}
