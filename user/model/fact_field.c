/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The members of each kind of fact. What they mean is in user/man/leastcall-recording.5; how they
 * are spelled is in fact.c and fact_parse.c.
 */
#include "fact_field.h"

static const char *syscall_text(const struct fact *fact)
{
	return syscall_name(fact->syscall.abi, fact->syscall.nr);
}

static const char *sub_text(const struct fact *fact)
{
	return fact->syscall.sub
		       ? syscall_sub_name(fact->syscall.abi, fact->syscall.nr, fact->syscall.sub)
		       : NULL;
}

static const char *denied_text(const struct fact *fact)
{
	return syscall_name(fact->denied.abi, fact->denied.nr);
}

static const char *arguments_text(const struct fact *fact)
{
	return syscall_name(fact->arguments.abi, fact->arguments.nr);
}

static const char *frame_text(const struct fact *fact)
{
	return syscall_name(fact->frame.abi, fact->frame.nr);
}

static const char *family_text(const struct fact *fact)
{
	return family_name(fact->socket.family);
}

static const char *socket_type_text(const struct fact *fact)
{
	return socket_type_name(fact->socket.type);
}

static const char *capability_text(const struct fact *fact)
{
	return capability_name(fact->capability.capability);
}

/* clang-format off */
#define AT(member) offsetof(struct fact, member), sizeof(((struct fact *)NULL)->member), NULL
#define NAMED(key, text) {key, FIELD_NAME, FIELD_MAY, MERGE_NONE, 0, 0, text}

#define RUN            {"run", FIELD_TEXT, FIELD_MUST, MERGE_WHO, AT(run)}
#define WORKLOAD(need) {"workload", FIELD_TEXT, need, MERGE_WHO, AT(workload)}
#define EXE            {"exe", FIELD_PATH, FIELD_MAY, MERGE_WHO, AT(exe)}
#define PHASE          {"phase", FIELD_PHASE, FIELD_WRITTEN, MERGE_WHO, AT(phase)}
#define DONE           RUN, WORKLOAD(FIELD_MUST), EXE, PHASE
/* clang-format on */

static const struct field recording_fields[] = {
	RUN,
	{"format", FIELD_NUMBER, FIELD_MUST, MERGE_WHOLE, AT(recording.format)},
	{"tool", FIELD_TEXT, FIELD_MAY, MERGE_WHOLE, AT(recording.tool)},
	{"kernel", FIELD_TEXT, FIELD_MAY, MERGE_WHOLE, AT(recording.kernel)},
	{"machine", FIELD_TEXT, FIELD_MAY, MERGE_WHOLE, AT(recording.machine)},
	{"what", FIELD_TEXT, FIELD_MUST, MERGE_WHOLE, AT(recording.what)},
	{"target", FIELD_TEXT, FIELD_MAY, MERGE_WHOLE, AT(recording.target)},
	{"started", FIELD_TEXT, FIELD_MAY, MERGE_WHOLE, AT(recording.started)},
	{"files", FIELD_BOOL, FIELD_MUST, MERGE_WHOLE, AT(recording.files)},
	{"args", FIELD_ARGS_LEVEL, FIELD_MAY, MERGE_WHOLE, AT(recording.args)},
	{},
};

static const struct field workload_fields[] = {
	RUN,
	WORKLOAD(FIELD_MUST),
	{"cgroup", FIELD_TEXT, FIELD_MAY, MERGE_KEY, AT(workload_.cgroup)},
	{"scope", FIELD_TEXT, FIELD_MUST, MERGE_KEY, AT(workload_.scope)},
	{"root", FIELD_PATH, FIELD_MAY, MERGE_KEY, AT(workload_.root)},
	{"engine", FIELD_TEXT, FIELD_MAY, MERGE_KEY, AT(workload_.engine)},
	{"id", FIELD_TEXT, FIELD_MAY, MERGE_KEY, AT(workload_.id)},
	{"image", FIELD_TEXT, FIELD_MAY, MERGE_KEY, AT(workload_.image)},
	{},
};

static const struct field syscall_fields[] = {
	DONE,
	{"abi", FIELD_ABI, FIELD_MUST, MERGE_KEY, AT(syscall.abi)},
	{"nr", FIELD_NUMBER, FIELD_MUST, MERGE_KEY, AT(syscall.nr)},
	NAMED("name", syscall_text),
	{"sub", FIELD_NUMBER, FIELD_MAY, MERGE_KEY, AT(syscall.sub)},
	NAMED("sub_name", sub_text),
	{"count", FIELD_NUMBER, FIELD_MUST, MERGE_MOST, AT(syscall.count)},
	{"first_ns", FIELD_NUMBER, FIELD_MUST, MERGE_LEAST, AT(syscall.first_ns)},
	{"interrupted", FIELD_NUMBER, FIELD_MAY, MERGE_MOST, AT(syscall.interrupted)},
	{"errnos", FIELD_ERRNOS, FIELD_MAY, MERGE_UNION, AT(syscall.errnos)},
	{},
};

static const struct field denied_fields[] = {
	DONE,
	{"abi", FIELD_ABI, FIELD_MUST, MERGE_KEY, AT(denied.abi)},
	{"nr", FIELD_NUMBER, FIELD_MUST, MERGE_KEY, AT(denied.nr)},
	NAMED("name", denied_text),
	{"errno", FIELD_ERRNO, FIELD_MUST, MERGE_KEY, AT(denied.errnum)},
	{"count", FIELD_NUMBER, FIELD_MUST, MERGE_MOST, AT(denied.count)},
	{},
};

static const struct field arguments_fields[] = {
	DONE,
	{"abi", FIELD_ABI, FIELD_MUST, MERGE_KEY, AT(arguments.abi)},
	{"nr", FIELD_NUMBER, FIELD_MUST, MERGE_KEY, AT(arguments.nr)},
	NAMED("name", arguments_text),
	{"args", FIELD_VALUES, FIELD_MAY, MERGE_KEY, AT(arguments.values)},
	{"count", FIELD_NUMBER, FIELD_MUST, MERGE_MOST, AT(arguments.count)},
	{},
};

static const struct field file_fields[] = {
	DONE,
	{"path", FIELD_PATH, FIELD_MUST, MERGE_KEY, AT(file.path)},
	{"perms", FIELD_PERMS, FIELD_MUST, MERGE_UNION, AT(file.perms)},
	{"flags", FIELD_FLAGS, FIELD_MAY, MERGE_KEY, AT(file.flags)},
	{"owner", FIELD_OWNER, FIELD_MAY, MERGE_MOST, AT(file.owner)},
	{},
};

static const struct field socket_fields[] = {
	DONE,
	{"family", FIELD_NUMBER, FIELD_MUST, MERGE_KEY, AT(socket.family)},
	NAMED("family_name", family_text),
	{"type", FIELD_NUMBER, FIELD_MUST, MERGE_KEY, AT(socket.type)},
	NAMED("type_name", socket_type_text),
	{},
};

static const struct field capability_fields[] = {
	DONE,
	{"capability", FIELD_NUMBER, FIELD_MUST, MERGE_KEY, AT(capability.capability)},
	NAMED("name", capability_text),
	{"inferred", FIELD_BOOL, FIELD_MAY, MERGE_LEAST, AT(capability.inferred)},
	{"silent", FIELD_BOOL, FIELD_MAY, MERGE_LEAST, AT(capability.silent)},
	{},
};

static const struct field operation_fields[] = {
	DONE,
	{"op", FIELD_OPERATION, FIELD_MUST, MERGE_FIRST, AT(operation.op)},
	{"source", FIELD_PATH, FIELD_MAY, MERGE_KEY, AT(operation.source)},
	{"target", FIELD_PATH, FIELD_MAY, MERGE_FIRST, AT(operation.target)},
	{"detail", FIELD_TEXT, FIELD_MAY, MERGE_KEY, AT(operation.detail)},
	{"number", FIELD_NUMBER, FIELD_MAY, MERGE_KEY, AT(operation.number)},
	{"peer", FIELD_PEER, FIELD_MAY, MERGE_KEY, AT(operation.peer)},
	{"flags", FIELD_FLAGS, FIELD_MAY, MERGE_KEY, AT(operation.flags)},
	{},
};

static const struct field frame_fields[] = {
	DONE,
	{"abi", FIELD_ABI, FIELD_MUST, MERGE_KEY, AT(frame.abi)},
	{"nr", FIELD_NUMBER, FIELD_MUST, MERGE_KEY, AT(frame.nr)},
	NAMED("name", frame_text),
	{"sub", FIELD_NUMBER, FIELD_MAY, MERGE_KEY, AT(frame.sub)},
	{"depth", FIELD_NUMBER, FIELD_WRITTEN, MERGE_KEY, AT(frame.depth)},
	{"file", FIELD_PATH, FIELD_MUST, MERGE_WHOLE, AT(frame.file)},
	{"function", FIELD_TEXT, FIELD_MAY, MERGE_WHOLE, AT(frame.function)},
	{"offset", FIELD_NUMBER, FIELD_WRITTEN, MERGE_WHOLE, AT(frame.offset)},
	{"build_id", FIELD_TEXT, FIELD_MAY, MERGE_WHOLE, AT(frame.build_id)},
	{},
};

static const struct field note_fields[] = {
	RUN,
	WORKLOAD(FIELD_MAY),
	{"what", FIELD_TEXT, FIELD_MUST, MERGE_KEY, AT(note.what)},
	{"text", FIELD_TEXT, FIELD_MUST, MERGE_KEY, AT(note.text)},
	{},
};

static const struct field incomplete_fields[] = {
	RUN,
	WORKLOAD(FIELD_MAY),
	{"what", FIELD_TEXT, FIELD_MUST, MERGE_KEY, AT(incomplete.what)},
	{"text", FIELD_TEXT, FIELD_MUST, MERGE_LEAST, AT(incomplete.text)},
	{"count", FIELD_NUMBER, FIELD_MAY, MERGE_MOST, AT(incomplete.count)},
	{},
};

static const struct field end_fields[] = {
	RUN,
	{"calls", FIELD_NUMBER, FIELD_MUST, MERGE_MOST, AT(end.calls)},
	{"events", FIELD_NUMBER, FIELD_MUST, MERGE_MOST, AT(end.events)},
	{"dropped", FIELD_NUMBER, FIELD_MUST, MERGE_MOST, AT(end.dropped)},
	{"repaired", FIELD_NUMBER, FIELD_MUST, MERGE_MOST, AT(end.repaired)},
	{"duration_ns", FIELD_NUMBER, FIELD_MUST, MERGE_MOST, AT(end.duration_ns)},
	{"complete", FIELD_BOOL, FIELD_MUST, MERGE_LEAST, AT(end.complete)},
	{"status", FIELD_STATUS, FIELD_MAY, MERGE_MOST, AT(end.status)},
	{},
};

/* A line that is kept as it is. */
static const struct field other_fields[] = {
	{"", FIELD_TEXT, FIELD_MUST, MERGE_KEY, AT(other.line)},
	{},
};

const struct field *const fact_fields[FACT_KINDS] = {
	[FACT_RECORDING] = recording_fields,
	[FACT_WORKLOAD] = workload_fields,
	[FACT_SYSCALL] = syscall_fields,
	[FACT_DENIED] = denied_fields,
	[FACT_ARGUMENTS] = arguments_fields,
	[FACT_FILE] = file_fields,
	[FACT_SOCKET] = socket_fields,
	[FACT_CAPABILITY] = capability_fields,
	[FACT_OPERATION] = operation_fields,
	[FACT_FRAME] = frame_fields,
	[FACT_NOTE] = note_fields,
	[FACT_INCOMPLETE] = incomplete_fields,
	[FACT_END] = end_fields,
	[FACT_OTHER] = other_fields,
};

bool field_is_text(const struct field *field)
{
	return field->type == FIELD_TEXT || field->type == FIELD_PATH;
}

const char **field_text(const struct fact *fact, const struct field *field)
{
	return (const char **)((char *)fact + field->offset);
}

uint64_t field_number(const struct fact *fact, const struct field *field)
{
	const void *member = (const char *)fact + field->offset;

	if (field->type == FIELD_BOOL)
		return *(const bool *)member;
	if (field->type == FIELD_STATUS)
		return (uint64_t)(*(const int *)member + INT64_C(1));
	if (field->size == sizeof(uint64_t))
		return *(const uint64_t *)member;
	return *(const uint32_t *)member; /* or an enum */
}

void field_number_set(struct fact *fact, const struct field *field, uint64_t number)
{
	void *member = (char *)fact + field->offset;

	if (field->type == FIELD_BOOL)
		*(bool *)member = number;
	else if (field->type == FIELD_STATUS)
		*(int *)member = (int)((int64_t)number - 1);
	else if (field->size == sizeof(uint64_t))
		*(uint64_t *)member = number;
	else
		*(uint32_t *)member = (uint32_t)number;
}

_Static_assert(ABI_COUNT <= FIELD_WORDS_MAX && OPERATIONS <= FIELD_WORDS_MAX, "all can be read");

const char *field_word(enum field_type type, uint64_t number)
{
	switch (type) {
	case FIELD_ABI:
		return number < ABI_COUNT ? abi_name((enum abi)number) : NULL;
	case FIELD_ARGS_LEVEL:
		return number < ARGS_LEVELS ? args_level_name((enum args_level)number) : NULL;
	case FIELD_PHASE:
		return phase_name((enum phase)number);
	case FIELD_OPERATION:
		return number < OPERATIONS ? operation_names[number] : NULL;
	case FIELD_PEER:
		return number < PEERS ? peer_names[number] : NULL;
	default:
		return NULL;
	}
}
