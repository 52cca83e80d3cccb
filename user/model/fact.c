/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A fact as a line of JSON: the names of the kinds and the order of their keys. Reading is in
 * fact_parse.c; what the keys mean is in user/man/leastcall-recording.5.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "fact.h"

const char perm_letters[] = "rwamklx";

const char *const path_flag_names[PATH_FLAGS] = {"deleted", "detached", "foreign", "truncated",
						 "unresolved"};

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
};

const char *const peer_names[PEERS] = {
	[PEER_SELF] = "self",
	[PEER_OUTSIDE] = "outside",
};

static const char *const kind_names[FACT_KINDS] = {
	[FACT_RECORDING] = "recording",   [FACT_WORKLOAD] = "workload",
	[FACT_SYSCALL] = "syscall",       [FACT_DENIED] = "denied",
	[FACT_ARGUMENTS] = "arguments",   [FACT_FILE] = "file",
	[FACT_SOCKET] = "socket",         [FACT_CAPABILITY] = "capability",
	[FACT_OPERATION] = "operation",   [FACT_NOTE] = "note",
	[FACT_INCOMPLETE] = "incomplete", [FACT_END] = "end",
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
	return kind == FACT_SYSCALL || kind == FACT_DENIED || kind == FACT_ARGUMENTS ||
	       kind == FACT_FILE || kind == FACT_SOCKET || kind == FACT_CAPABILITY ||
	       kind == FACT_OPERATION;
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

static void put_errnos(struct json *json, const struct errno_set *set)
{
	cJSON *array = cJSON_AddArrayToObject(json->object, "errnos");
	size_t i;

	for (i = 0; i < set->count; i++)
		if (!cJSON_AddItemToArray(array, cJSON_CreateNumber(set->codes[i])))
			json->failed = true;
	if (!array)
		json->failed = true;
}

static void put_flags(struct json *json, uint32_t flags)
{
	cJSON *array;
	size_t bit;

	if (!flags)
		return;
	array = cJSON_AddArrayToObject(json->object, "flags");
	for (bit = 0; bit < PATH_FLAGS; bit++)
		if (flags & 1u << bit &&
		    !cJSON_AddItemToArray(array, cJSON_CreateString(path_flag_names[bit])))
			json->failed = true;
}

static void put_recording(struct json *json, const struct fact *fact)
{
	put_number(json, "format", fact->recording.format);
	put_text(json, "tool", fact->recording.tool);
	put_text(json, "kernel", fact->recording.kernel);
	put_text(json, "machine", fact->recording.machine);
	put_text(json, "what", fact->recording.what);
	put_text(json, "target", fact->recording.target);
	put_text(json, "started", fact->recording.started);
	put_bool(json, "files", fact->recording.files);
	if (fact->recording.args != ARGS_NONE)
		put_text(json, "args", args_level_name(fact->recording.args));
}

static void put_syscall(struct json *json, const struct fact *fact)
{
	enum abi abi = fact->syscall.abi;
	uint32_t nr = fact->syscall.nr, sub = fact->syscall.sub;

	put_text(json, "abi", abi_name(abi));
	put_number(json, "nr", nr);
	put_text(json, "name", syscall_name(abi, nr));
	if (sub) {
		put_number(json, "sub", sub);
		put_text(json, "sub_name", syscall_sub_name(abi, nr, sub));
	}
	put_number(json, "count", fact->syscall.count);
	put_number(json, "first_ns", fact->syscall.first_ns);
	if (fact->syscall.interrupted)
		put_number(json, "interrupted", fact->syscall.interrupted);
	if (fact->syscall.has_errnos)
		put_errnos(json, &fact->syscall.errnos);
}

static void put_denied(struct json *json, const struct fact *fact)
{
	put_text(json, "abi", abi_name(fact->denied.abi));
	put_number(json, "nr", fact->denied.nr);
	put_text(json, "name", syscall_name(fact->denied.abi, fact->denied.nr));
	put_number(json, "errno", fact->denied.errnum);
	put_number(json, "count", fact->denied.count);
}

static void put_arguments(struct json *json, const struct fact *fact)
{
	struct json args = {.object = json->object};
	unsigned int i;

	put_text(json, "abi", abi_name(fact->arguments.abi));
	put_number(json, "nr", fact->arguments.nr);
	put_text(json, "name", syscall_name(fact->arguments.abi, fact->arguments.nr));
	if (fact->arguments.known)
		args.object = cJSON_AddObjectToObject(json->object, "args");
	for (i = 0; i < CALL_ARGS && args.object; i++) {
		char index[2] = {(char)('0' + i)};

		if (fact->arguments.known & 1u << i)
			put_number(&args, index, fact->arguments.values[i]);
	}
	if (!args.object || args.failed)
		json->failed = true;
	put_number(json, "count", fact->arguments.count);
}

static void put_operation(struct json *json, const struct fact *fact)
{
	put_text(json, "op", operation_names[fact->operation.op]);
	put_text(json, "source", fact->operation.source);
	put_text(json, "target", fact->operation.target);
	put_text(json, "detail", fact->operation.detail);
	if (fact->operation.number)
		put_number(json, "number", fact->operation.number);
	put_text(json, "peer", peer_names[fact->operation.peer]);
	put_flags(json, fact->operation.flags);
}

static void put_end(struct json *json, const struct fact *fact)
{
	put_number(json, "calls", fact->end.calls);
	put_number(json, "events", fact->end.events);
	put_number(json, "dropped", fact->end.dropped);
	put_number(json, "repaired", fact->end.repaired);
	put_number(json, "duration_ns", fact->end.duration_ns);
	put_bool(json, "complete", fact->end.complete);
	if (fact->end.status >= 0)
		put_number(json, "status", (uint64_t)fact->end.status);
}

static void put_kind(struct json *json, const struct fact *fact)
{
	char perms[8];

	switch (fact->kind) {
	case FACT_RECORDING:
		put_recording(json, fact);
		break;
	case FACT_WORKLOAD:
		put_text(json, "cgroup", fact->workload_.cgroup);
		put_text(json, "scope", fact->workload_.scope);
		put_text(json, "root", fact->workload_.root);
		put_text(json, "engine", fact->workload_.engine);
		put_text(json, "id", fact->workload_.id);
		put_text(json, "image", fact->workload_.image);
		break;
	case FACT_SYSCALL:
		put_syscall(json, fact);
		break;
	case FACT_DENIED:
		put_denied(json, fact);
		break;
	case FACT_ARGUMENTS:
		put_arguments(json, fact);
		break;
	case FACT_FILE:
		put_text(json, "path", fact->file.path);
		put_text(json, "perms", perms_text(fact->file.perms, perms));
		put_flags(json, fact->file.flags);
		if (fact->file.owner != OWNER_UNKNOWN)
			put_bool(json, "owner", fact->file.owner == OWNER_YES);
		break;
	case FACT_SOCKET:
		put_number(json, "family", fact->socket.family);
		put_text(json, "family_name", family_name(fact->socket.family));
		put_number(json, "type", fact->socket.type);
		put_text(json, "type_name", socket_type_name(fact->socket.type));
		break;
	case FACT_CAPABILITY:
		put_number(json, "capability", fact->capability.capability);
		put_text(json, "name", capability_name(fact->capability.capability));
		if (fact->capability.inferred)
			put_bool(json, "inferred", true);
		break;
	case FACT_OPERATION:
		put_operation(json, fact);
		break;
	case FACT_NOTE:
		put_text(json, "what", fact->note.what);
		put_text(json, "text", fact->note.text);
		break;
	case FACT_INCOMPLETE:
		put_text(json, "what", fact->incomplete.what);
		put_text(json, "text", fact->incomplete.text);
		if (fact->incomplete.count)
			put_number(json, "count", fact->incomplete.count);
		break;
	case FACT_END:
		put_end(json, fact);
		break;
	default:
		break;
	}
}

static int line_write(FILE *out, const char *line)
{
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
	put_text(&json, "run", fact->run);
	put_text(&json, "workload", fact->workload);
	put_text(&json, "exe", fact->exe);
	if (fact_has_phase(fact->kind))
		put_text(&json, "phase", phase_name(fact->phase));
	put_kind(&json, fact);
	if (!json.failed)
		line = cJSON_PrintUnformatted(json.object);
	if (line)
		r = line_write(out, line);
	cJSON_free(line);
	cJSON_Delete(json.object);
	return r;
}
