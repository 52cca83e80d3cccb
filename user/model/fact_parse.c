/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A line of JSON as a fact. Recordings come from anybody: every key is checked for its type and its
 * range, and strings are brought into the one escaped form, so that equal bytes compare equal.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "fact.h"
#include "json.h"
#include "text.h"

#define TEXTS_MAX 16 /* more than any kind has */

struct fact_storage {
	cJSON *json;
	char *texts[TEXTS_MAX];
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
	cJSON_Delete(storage->json);
	free(storage->codes);
	free(storage);
}

/* The value, or NULL: with 0 where the key may be absent, with -EBADMSG where it may not. */
static int key_get(const struct parse *p, const char *key, bool required, const cJSON **ret)
{
	*ret = cJSON_GetObjectItemCaseSensitive(p->object, key);
	if (!*ret && required)
		return err_set(p->err, -EBADMSG, "\"%s\" is missing", key);
	return 0;
}

/* Equal bytes in equal words: \101 is A. */
static const char *text_keep(struct parse *p, const char *value)
{
	char *text;

	if (!strchr(value, '\\'))
		return value;
	text = text_settle(value);
	p->storage->texts[p->storage->text_count++] = text;
	return text;
}

static int text_get(struct parse *p, const char *key, bool required, const char **ret)
{
	const cJSON *item;
	int r = key_get(p, key, required, &item);

	if (!item)
		return r;
	if (!cJSON_IsString(item))
		return err_set(p->err, -EBADMSG, "\"%s\" is not a string", key);
	if (*item->valuestring)
		*ret = text_keep(p, item->valuestring);
	else if (required)
		return err_set(p->err, -EBADMSG, "\"%s\" is empty", key);
	return 0;
}

/* Of a path, in bytes: as long as AppArmor takes one (2 * PATH_MAX). */
#define PATH_BYTES_MAX 8192

static int path_get(struct parse *p, const char *key, bool required, const char **ret)
{
	size_t size = 0;
	const char *c;
	int r = text_get(p, key, required, ret);

	/* Of an escape, the backslash alone. */
	for (c = r || !*ret ? "" : *ret; *c; c += *c == '\\' ? 4 : 1)
		size++;
	if (size > PATH_BYTES_MAX)
		return err_set(p->err, -EBADMSG, "\"%s\" has %zu bytes, a path at most %d", key,
			       size, PATH_BYTES_MAX);
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

static int number_get(const struct parse *p, const char *key, bool required, uint64_t max,
		      uint64_t *ret)
{
	const cJSON *item;
	uint64_t value;
	int r = key_get(p, key, required, &item);

	if (!item)
		return r;
	if (!whole_number(item, &value) || value > max)
		return err_set(p->err, -EBADMSG, "\"%s\" is not a whole number from 0 to %llu", key,
			       (unsigned long long)max);
	*ret = value;
	return 0;
}

static int u32_get(const struct parse *p, const char *key, bool required, uint32_t *ret)
{
	uint64_t value = *ret;
	int r = number_get(p, key, required, UINT32_MAX, &value);

	*ret = (uint32_t)value;
	return r;
}

static int bool_get(const struct parse *p, const char *key, bool required, bool *ret)
{
	const cJSON *item;
	int r = key_get(p, key, required, &item);

	if (!item)
		return r;
	if (!cJSON_IsBool(item))
		return err_set(p->err, -EBADMSG, "\"%s\" is neither true nor false", key);
	*ret = cJSON_IsTrue(item);
	return 0;
}

static int abi_get(struct parse *p, enum abi *ret)
{
	const char *name = NULL;
	char *shown;
	int r = text_get(p, "abi", true, &name);

	if (r || abi_from_name(name, ret))
		return r;
	shown = text_printable(name);
	r = err_set(p->err, -EBADMSG, "unknown abi \"%.40s\"", shown);
	free(shown);
	return r;
}

static int code_compare(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static int errnos_get(struct parse *p, struct fact *fact)
{
	const cJSON *array, *item;
	uint16_t *codes;
	uint64_t value;
	size_t count = 0, i, used = 0;
	int r = key_get(p, "errnos", false, &array);

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

static int perms_get(struct parse *p, uint32_t *ret)
{
	const char *letters = NULL, *known;
	int r = text_get(p, "perms", true, &letters);

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
static int flags_get(struct parse *p, uint32_t *ret)
{
	const cJSON *array, *item;
	size_t bit;
	int r = key_get(p, "flags", false, &array);

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

static int recording_parse(struct parse *p, struct fact *fact)
{
	const char *args = NULL;
	int r;

	if ((r = u32_get(p, "format", true, &fact->recording.format)) < 0 ||
	    (r = text_get(p, "tool", false, &fact->recording.tool)) < 0 ||
	    (r = text_get(p, "kernel", false, &fact->recording.kernel)) < 0 ||
	    (r = text_get(p, "machine", false, &fact->recording.machine)) < 0 ||
	    (r = text_get(p, "what", true, &fact->recording.what)) < 0 ||
	    (r = text_get(p, "target", false, &fact->recording.target)) < 0 ||
	    (r = text_get(p, "started", false, &fact->recording.started)) < 0 ||
	    (r = bool_get(p, "files", true, &fact->recording.files)) < 0 ||
	    (r = text_get(p, "args", false, &args)) < 0)
		return r;
	if (args && !args_level_from_name(args, &fact->recording.args))
		return err_set(p->err, -EBADMSG, "\"args\" is neither none nor safe nor all");
	if (fact->recording.format != RECORDING_FORMAT)
		return err_set(p->err, -EBADMSG,
			       "format %u is not one that this leastcall reads (%d)",
			       fact->recording.format, RECORDING_FORMAT);
	return 0;
}

static int workload_parse(struct parse *p, struct fact *fact)
{
	int r;

	if ((r = text_get(p, "cgroup", false, &fact->workload_.cgroup)) < 0 ||
	    (r = text_get(p, "scope", true, &fact->workload_.scope)) < 0)
		return r;
	if ((r = path_get(p, "root", false, &fact->workload_.root)) < 0 ||
	    (r = text_get(p, "engine", false, &fact->workload_.engine)) < 0 ||
	    (r = text_get(p, "id", false, &fact->workload_.id)) < 0)
		return r;
	return text_get(p, "image", false, &fact->workload_.image);
}

static int syscall_parse(struct parse *p, struct fact *fact)
{
	int r;

	if ((r = abi_get(p, &fact->syscall.abi)) < 0 ||
	    (r = u32_get(p, "nr", true, &fact->syscall.nr)) < 0 ||
	    (r = u32_get(p, "sub", false, &fact->syscall.sub)) < 0 ||
	    (r = number_get(p, "count", true, UINT64_MAX, &fact->syscall.count)) < 0 ||
	    (r = number_get(p, "first_ns", true, UINT64_MAX, &fact->syscall.first_ns)) < 0 ||
	    (r = number_get(p, "interrupted", false, UINT64_MAX, &fact->syscall.interrupted)) < 0)
		return r;
	return errnos_get(p, fact);
}

static int denied_parse(struct parse *p, struct fact *fact)
{
	uint64_t errnum = 0;
	int r;

	if ((r = abi_get(p, &fact->denied.abi)) < 0 ||
	    (r = u32_get(p, "nr", true, &fact->denied.nr)) < 0 ||
	    (r = number_get(p, "errno", true, ERRNO_MAX, &errnum)) < 0)
		return r;
	fact->denied.errnum = (uint32_t)errnum;
	return number_get(p, "count", true, UINT64_MAX, &fact->denied.count);
}

/* The arguments by their index, "0" to "5". */
static int args_get(struct parse *p, struct fact *fact)
{
	const cJSON *object, *item;
	uint64_t value;
	int r = key_get(p, "args", false, &object);

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

static int arguments_parse(struct parse *p, struct fact *fact)
{
	int r;

	if ((r = abi_get(p, &fact->arguments.abi)) < 0 ||
	    (r = u32_get(p, "nr", true, &fact->arguments.nr)) < 0 || (r = args_get(p, fact)) < 0)
		return r;
	return number_get(p, "count", true, UINT64_MAX, &fact->arguments.count);
}

static int file_parse(struct parse *p, struct fact *fact)
{
	const cJSON *owner;
	bool yes = false;
	int r;

	if ((r = path_get(p, "path", true, &fact->file.path)) < 0 ||
	    (r = perms_get(p, &fact->file.perms)) < 0 ||
	    (r = key_get(p, "owner", false, &owner)) < 0 ||
	    (r = bool_get(p, "owner", false, &yes)) < 0)
		return r;
	if (owner)
		fact->file.owner = yes ? OWNER_YES : OWNER_NO;
	return flags_get(p, &fact->file.flags);
}

/* The index of the word that the key has, of `count` of them; 0 where there is no such key. One that
 * this version does not know may need a rule or none: an error. */
static int word_get(struct parse *p, const char *key, bool required, const char *const *words,
		    size_t count, uint32_t *ret)
{
	_cleanup_free_ char *shown = NULL;
	const char *word = NULL;
	int r = text_get(p, key, required, &word);

	if (r || !word)
		return r;
	for (uint32_t i = 0; i < count; i++) {
		if (words[i] && !strcmp(word, words[i])) {
			*ret = i;
			return 0;
		}
	}
	shown = text_printable(word);
	return err_set(p->err, -EBADMSG, "unknown %s \"%.40s\"", key, shown);
}

static int operation_parse(struct parse *p, struct fact *fact)
{
	uint32_t op = 0, peer = PEER_NONE;
	int r;

	if ((r = word_get(p, "op", true, operation_names, OPERATIONS, &op)) < 0 ||
	    (r = path_get(p, "source", false, &fact->operation.source)) < 0 ||
	    (r = path_get(p, "target", false, &fact->operation.target)) < 0 ||
	    (r = text_get(p, "detail", false, &fact->operation.detail)) < 0 ||
	    (r = number_get(p, "number", false, UINT64_MAX, &fact->operation.number)) < 0 ||
	    (r = word_get(p, "peer", false, peer_names, PEERS, &peer)) < 0)
		return r;
	fact->operation.op = op;
	fact->operation.peer = peer;
	return flags_get(p, &fact->operation.flags);
}

static int socket_parse(struct parse *p, struct fact *fact)
{
	int r = u32_get(p, "family", true, &fact->socket.family);

	return r ? r : u32_get(p, "type", true, &fact->socket.type);
}

static int capability_parse(struct parse *p, struct fact *fact)
{
	int r = u32_get(p, "capability", true, &fact->capability.capability);

	return r ? r : bool_get(p, "inferred", false, &fact->capability.inferred);
}

static int note_parse(struct parse *p, struct fact *fact)
{
	int r = text_get(p, "what", true, &fact->note.what);

	return r ? r : text_get(p, "text", true, &fact->note.text);
}

static int incomplete_parse(struct parse *p, struct fact *fact)
{
	int r;

	if ((r = text_get(p, "what", true, &fact->incomplete.what)) < 0 ||
	    (r = text_get(p, "text", true, &fact->incomplete.text)) < 0)
		return r;
	return number_get(p, "count", false, UINT64_MAX, &fact->incomplete.count);
}

static int end_parse(struct parse *p, struct fact *fact)
{
	uint64_t status = UINT64_MAX;
	int r;

	if ((r = number_get(p, "calls", true, UINT64_MAX, &fact->end.calls)) < 0 ||
	    (r = number_get(p, "events", true, UINT64_MAX, &fact->end.events)) < 0 ||
	    (r = number_get(p, "dropped", true, UINT64_MAX, &fact->end.dropped)) < 0 ||
	    (r = number_get(p, "repaired", true, UINT64_MAX, &fact->end.repaired)) < 0 ||
	    (r = number_get(p, "duration_ns", true, UINT64_MAX, &fact->end.duration_ns)) < 0 ||
	    (r = bool_get(p, "complete", true, &fact->end.complete)) < 0 ||
	    (r = number_get(p, "status", false, INT32_MAX, &status)) < 0)
		return r;
	fact->end.status = status == UINT64_MAX ? -1 : (int)status;
	return 0;
}

enum need { NEVER, MAY, MUST };

static const struct {
	int (*parse)(struct parse *p, struct fact *fact);
	enum need workload, exe;
} kinds[FACT_KINDS] = {
	[FACT_RECORDING] = {recording_parse, NEVER, NEVER},
	[FACT_WORKLOAD] = {workload_parse, MUST, NEVER},
	[FACT_SYSCALL] = {syscall_parse, MUST, MAY},
	[FACT_DENIED] = {denied_parse, MUST, MAY},
	[FACT_ARGUMENTS] = {arguments_parse, MUST, MAY},
	[FACT_FILE] = {file_parse, MUST, MAY},
	[FACT_SOCKET] = {socket_parse, MUST, MAY},
	[FACT_CAPABILITY] = {capability_parse, MUST, MAY},
	[FACT_OPERATION] = {operation_parse, MUST, MAY},
	[FACT_NOTE] = {note_parse, MAY, NEVER},
	[FACT_INCOMPLETE] = {incomplete_parse, MAY, NEVER},
	[FACT_END] = {end_parse, NEVER, NEVER},
};

static int run_get(struct parse *p, const char **ret)
{
	const char *run = NULL;
	int r = text_get(p, "run", true, &run);

	if (r)
		return r;
	if (strlen(run) != 16 || run[strspn(run, "0123456789abcdef")])
		return err_set(p->err, -EBADMSG, "\"run\" is not 16 lower-case hex digits");
	*ret = run;
	return 0;
}

/* Absent: the application's. One that this version does not know may need a rule or none. */
static int phase_get(struct parse *p, enum phase *ret)
{
	_cleanup_free_ char *shown = NULL;
	const char *name = NULL;
	int phase, r = text_get(p, "phase", false, &name);

	if (r || !name)
		return r;
	for (phase = 0; phase < PHASES; phase++) {
		if (!strcmp(name, phase_name(phase))) {
			*ret = phase;
			return 0;
		}
	}
	shown = text_printable(name);
	return err_set(p->err, -EBADMSG, "unknown phase \"%.40s\"", shown);
}

static int known_parse(struct parse *p, struct fact *fact)
{
	int r = run_get(p, &fact->run);

	if (!r && kinds[fact->kind].workload != NEVER)
		r = text_get(p, "workload", kinds[fact->kind].workload == MUST, &fact->workload);
	if (!r && kinds[fact->kind].exe != NEVER)
		r = path_get(p, "exe", kinds[fact->kind].exe == MUST, &fact->exe);
	if (!r && fact_has_phase(fact->kind))
		r = phase_get(p, &fact->phase);
	return r ? r : kinds[fact->kind].parse(p, fact);
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
	text = xstrndup(line, size);
	p->storage->texts[p->storage->text_count++] = text;
	fact->other.line = text;
	return 0;
}

/*
 * What cJSON lets through and JSON does not: bare control characters in strings; and \u0000, which
 * it takes for the string's end.
 */
static int strings_check(const char *line, size_t size, struct err *err)
{
	bool inside = false;
	size_t i;

	if (memchr(line, '\0', size))
		return err_set(err, -EBADMSG, "holds a NUL byte");
	if (!text_is_utf8(line, size))
		return err_set(err, -EBADMSG, "is not UTF-8");
	for (i = 0; i < size; i++) {
		if (line[i] == '"')
			inside = !inside;
		else if (inside && (unsigned char)line[i] < 0x20)
			return err_set(err, -EBADMSG, "not JSON: a control character in a string");
		if (!inside || line[i] != '\\')
			continue;
		i++;
		if (size - i >= 5 && !memcmp(line + i, "u0000", 5))
			return err_set(err, -EBADMSG, "holds a NUL character");
	}
	return 0;
}

static int line_parse(const char *line, size_t size, cJSON **ret, struct err *err)
{
	int r = strings_check(line, size, err);

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
	const char *name = NULL;
	int kind, r;

	r = line_parse(line, size, &storage->json, err);
	p.object = storage->json;
	if (!r)
		r = text_get(&p, "fact", true, &name);
	if (r) {
		fact_free(storage);
		return r;
	}
	for (kind = 0; kind < FACT_KINDS; kind++)
		if (kinds[kind].parse && !strcmp(name, fact_kind_name(kind)))
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
