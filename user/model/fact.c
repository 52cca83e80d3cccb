/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A fact as a line of JSON, and the words in it. Which keys a kind has is in fact_field.c; reading is
 * in fact_parse.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "fact_field.h"
#include "json.h"

const char perm_letters[] = "rwamklx";

const char *const path_flag_names[PATH_FLAGS] = {"deleted",   "detached",   "foreign",
						 "truncated", "unresolved", "forbidden"};

const char *const operation_names[OPERATIONS] = {
	[OP_EXEC] = "exec",
	[OP_LINK] = "link",
	[OP_UNIX_BIND] = "unix-bind",
	[OP_UNIX_CONNECT] = "unix-connect",
	[OP_UNIX_SEND] = "unix-send",
	[OP_SIGNAL] = "signal",
	[OP_PTRACE_TRACE] = "ptrace-trace",
	[OP_PTRACE_READ] = "ptrace-read",
	[OP_MOUNT] = "mount",
	[OP_MOVE_MOUNT] = "move-mount",
	[OP_UMOUNT] = "umount",
	[OP_PIVOT_ROOT] = "pivot-root",
	[OP_USERNS] = "userns",
	[OP_MQUEUE] = "mqueue",
	[OP_PROFILE_CHANGE] = "change-profile",
	[OP_PROFILE_EXEC] = "change-onexec",
	[OP_IO_URING_SQPOLL] = "io-uring-sqpoll",
	[OP_IO_URING_CREDENTIALS] = "io-uring-override-creds",
	[OP_IO_URING_OTHER] = "io-uring-other",
	[OP_IO_URING] = "io-uring",
};

const char *const peer_names[PEERS] = {
	[PEER_SELF] = "self",
	[PEER_OUTSIDE] = "outside",
};

static const char *const kind_names[FACT_KINDS] = {
	[FACT_RECORDING] = "recording",
	[FACT_WORKLOAD] = "workload",
	[FACT_SYSCALL] = "syscall",
	[FACT_DENIED] = "denied",
	[FACT_ARGUMENTS] = "arguments",
	[FACT_FILE] = "file",
	[FACT_SOCKET] = "socket",
	[FACT_CAPABILITY] = "capability",
	[FACT_OPERATION] = "operation",
	[FACT_FRAME] = "frame",
	[FACT_NOTE] = "note",
	[FACT_INCOMPLETE] = "incomplete",
	[FACT_END] = "end",
};

const char *fact_kind_name(enum fact_kind kind)
{
	return kind < FACT_KINDS ? kind_names[kind] : NULL;
}

static const char *const phase_names[PHASES] = {
	[PHASE_START] = "start",
	[PHASE_SERVING] = "serving",
	[PHASE_SETUP] = "setup",
	[PHASE_RUNTIME] = "runtime",
};

const char *phase_name(enum phase phase)
{
	return (size_t)phase < PHASES ? phase_names[phase] : NULL;
}

bool fact_has_phase(enum fact_kind kind)
{
	const struct field *field = fact_fields[kind];

	while (field->key && field->type != FIELD_PHASE)
		field++;
	return field->key;
}

const char *perms_text(uint32_t perms, char buf[8])
{
	size_t bit, used = 0;

	for (bit = 0; perm_letters[bit]; bit++)
		if (perms & 1u << bit)
			buf[used++] = perm_letters[bit];
	buf[used] = '\0';
	return buf;
}

/* The object being built; failed where memory ran out on the way. */
struct json {
	cJSON *object;
	bool failed;
};

static void put_text(struct json *json, const char *key, const char *value)
{
	if (value && *value && !cJSON_AddStringToObject(json->object, key, value))
		json->failed = true;
}

/* Digits of our own: cJSON prints doubles, and rounds them to 15 digits. */
static void put_number(struct json *json, const char *key, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	if (value > EXACT_MAX)
		put_text(json, key, digits);
	else if (!cJSON_AddRawToObject(json->object, key, digits))
		json->failed = true;
}

static void put_bool(struct json *json, const char *key, bool value)
{
	if (!cJSON_AddBoolToObject(json->object, key, value))
		json->failed = true;
}

static void put_errnos(struct json *json, const struct fact *fact, const char *key)
{
	const struct errno_set *set = &fact->syscall.errnos;
	cJSON *array;
	size_t i;

	if (!fact->syscall.has_errnos)
		return;
	array = cJSON_AddArrayToObject(json->object, key);
	for (i = 0; i < set->count; i++)
		if (!cJSON_AddItemToArray(array, cJSON_CreateNumber(set->codes[i])))
			json->failed = true;
	if (!array)
		json->failed = true;
}

static void put_values(struct json *json, const struct fact *fact, const char *key)
{
	struct json values = {};
	unsigned int i;

	if (!fact->arguments.known)
		return;
	values.object = cJSON_AddObjectToObject(json->object, key);
	for (i = 0; i < CALL_ARGS && values.object; i++) {
		char index[2] = {(char)('0' + i)};

		if (fact->arguments.known & 1u << i)
			put_number(&values, index, fact->arguments.values[i]);
	}
	if (!values.object || values.failed)
		json->failed = true;
}

static void put_flags(struct json *json, const char *key, uint64_t flags)
{
	cJSON *array = cJSON_AddArrayToObject(json->object, key);
	size_t bit;

	for (bit = 0; bit < PATH_FLAGS; bit++)
		if (flags & 1u << bit &&
		    !cJSON_AddItemToArray(array, cJSON_CreateString(path_flag_names[bit])))
			json->failed = true;
}

static void put_numbered(struct json *json, const struct fact *fact, const struct field *field)
{
	uint64_t number = field_number(fact, field);
	char perms[8];

	if (!number && field->need == FIELD_MAY)
		return;
	switch (field->type) {
	case FIELD_NUMBER:
	case FIELD_ERRNO:
		put_number(json, field->key, number);
		break;
	case FIELD_STATUS:
		put_number(json, field->key, number - 1);
		break;
	case FIELD_BOOL:
		put_bool(json, field->key, number);
		break;
	case FIELD_OWNER:
		put_bool(json, field->key, number == OWNER_YES);
		break;
	case FIELD_PERMS:
		put_text(json, field->key, perms_text((uint32_t)number, perms));
		break;
	case FIELD_FLAGS:
		put_flags(json, field->key, number);
		break;
	default:
		put_text(json, field->key, field_word(field->type, number));
		break;
	}
}

static void put_field(struct json *json, const struct fact *fact, const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_PATH:
		put_text(json, field->key, *field_text(fact, field));
		break;
	case FIELD_NAME:
		put_text(json, field->key, field->name(fact));
		break;
	case FIELD_ERRNOS:
		put_errnos(json, fact, field->key);
		break;
	case FIELD_VALUES:
		put_values(json, fact, field->key);
		break;
	default:
		put_numbered(json, fact, field);
		break;
	}
}

/* Recordings are looked at, too: what acts on a terminal is escaped. */
static int line_write(FILE *out, const char *text)
{
	_cleanup_free_ char *line = json_escape(text);

	if (strlen(line) > LINE_SIZE_MAX)
		return -EMSGSIZE;
	if (fputs(line, out) == EOF || fputc('\n', out) == EOF)
		return errno ? -errno : -EIO;
	return 0;
}

int fact_write(const struct fact *fact, FILE *out)
{
	struct json json = {};
	char *line = NULL;
	int r = -ENOMEM;

	if (fact->kind == FACT_OTHER)
		return line_write(out, fact->other.line);
	json.object = cJSON_CreateObject();
	if (!json.object)
		return -ENOMEM;
	put_text(&json, "fact", fact_kind_name(fact->kind));
	for (const struct field *field = fact_fields[fact->kind]; field->key; field++)
		put_field(&json, fact, field);
	if (!json.failed)
		line = cJSON_PrintUnformatted(json.object);
	if (line)
		r = line_write(out, line);
	cJSON_free(line);
	cJSON_Delete(json.object);
	return r;
}
