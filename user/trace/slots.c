/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who is behind a slot: asks the kernel side for the paths that it keeps, each once, and tells the
 * sink about workloads and executables when they first come up.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client.h"
#include "model/text.h"
#include "tracer_internal.h"

char *path_bytes(const struct path_record *record, size_t *ret_size)
{
	size_t length = record->length, used = 0, end;
	char *bytes;

	if (length > sizeof(record->text))
		length = sizeof(record->text);
	bytes = xcalloc(1, length + 3);
	for (end = length; end > 0;) {
		size_t start = end - 1; /* at the component's NUL */

		while (start > 0 && record->text[start - 1])
			start--;
		bytes[used++] = '/';
		memcpy(bytes + used, record->text + start, end - 1 - start);
		used += end - 1 - start;
		end = start;
	}
	if (!used || record->flags & PATH_IS_DIRECTORY)
		bytes[used++] = '/';
	*ret_size = used;
	return bytes;
}

char *path_plain(const struct path_record *record)
{
	size_t size;
	char *bytes = path_bytes(record, &size);

	if (size > 1 && bytes[size - 1] == '/')
		bytes[size - 1] = '\0';
	return bytes;
}

char *path_text(const struct path_record *record)
{
	size_t size;
	_cleanup_free_ char *bytes = path_bytes(record, &size);

	return text_escape(bytes, size);
}

/* Through a mapping of just these pages: all of the map would be 17 MiB of resident memory, and a
 * bpf() call would hold off classic tracepoints (bpf/maps.bpf.h). */
struct path_record *record_read(const struct bpf_map *map, uint32_t index, bool release)
{
	size_t page = sysconf(_SC_PAGESIZE), at = index * sizeof(struct path_record);
	size_t offset = at % page, size = offset + sizeof(struct path_record);
	int access = release ? PROT_READ | PROT_WRITE : PROT_READ;
	struct path_record *record, *there;
	char *view;

	view = mmap(NULL, size, access, MAP_SHARED, bpf_map__fd(map), at - offset);
	if (view == MAP_FAILED)
		return NULL;
	there = (struct path_record *)(view + offset);
	record = xcalloc(1, sizeof(*record));
	memcpy(record, there, sizeof(*record));
	if (release)
		__atomic_store_n(&there->kind, 0, __ATOMIC_RELEASE);
	munmap(view, size);
	return record;
}

struct path_record *path_read(struct tracer *tracer, uint32_t id)
{
	return id && id < PATHS_MAX ? record_read(tracer->skel->maps.paths, id, false) : NULL;
}

/* NULL where the id stands for no path. */
static const struct kept_path *path_kept(struct tracer *tracer, uint32_t id)
{
	_cleanup_free_ struct path_record *record = NULL;
	_cleanup_free_ char *text = NULL;

	if (id < PATHS_MAX && tracer->paths[id].text)
		return &tracer->paths[id];
	record = path_read(tracer, id);
	if (!record || (record->flags & PATH_DETACHED && !record->depth))
		return NULL; /* the root of a mount that is nowhere is no path */
	text = path_text(record);
	tracer->paths[id].text = pool_text(tracer->texts, text);
	tracer->paths[id].flags = record->flags & ~PATH_IS_DIRECTORY;
	return &tracer->paths[id];
}

/* What the kernel side's steps come to. */
static const enum phase phases[][STEP_APPLICATION + 1] = {
	[WORKLOAD_PLAIN] = {PHASE_START, PHASE_START, PHASE_START, PHASE_START, PHASE_START},
	[WORKLOAD_UNIT] = {[STEP_JOINED] = PHASE_SETUP,
			   [STEP_FILTERED] = PHASE_RUNTIME,
			   [STEP_EXECUTED] = PHASE_START,
			   [STEP_EXECUTED_FILTERED] = PHASE_START,
			   [STEP_APPLICATION] = PHASE_START},
	[WORKLOAD_CONTAINER] = {[STEP_JOINED] = PHASE_SETUP,
				[STEP_FILTERED] = PHASE_RUNTIME,
				[STEP_EXECUTED] = PHASE_SETUP,
				[STEP_EXECUTED_FILTERED] = PHASE_RUNTIME,
				[STEP_APPLICATION] = PHASE_START},
};

static enum phase phase_of(enum workload_kind kind, uint32_t step)
{
	enum phase phase = phases[kind][step & ~STEP_SERVING];

	return phase == PHASE_START && step & STEP_SERVING ? PHASE_SERVING : phase;
}

/* Whatever makes calls has been executed: what AppArmor needs to know of an executable. */
static void executable_tell(struct tracer *tracer, const struct slot_name *name,
			    const struct kept_path *exe)
{
	struct fact fact = {.kind = FACT_FILE,
			    .workload = name->workload,
			    .exe = exe->text,
			    .phase = name->phase};

	fact.file.path = exe->text;
	fact.file.perms = PERM_EXEC;
	fact.file.flags = exe->flags;
	fact_send(tracer, &fact);
}

/* A client whose daemon does the work does it where it is not recorded. */
static void client_tell(struct tracer *tracer, const struct slot_name *name)
{
	const struct client *client = client_find(name->exe);
	struct fact fact = {.kind = FACT_NOTE, .workload = name->workload};
	_cleanup_free_ char *text = NULL;

	if (!client)
		return;
	text = xasprintf("%s has %s do its work, and what that does is not in the recording%s",
			 client->name, client->daemon, client->advice);
	fact.note.what = "daemon";
	fact.note.text = text;
	fact_send(tracer, &fact);
}

static void slot_learn(struct tracer *tracer, uint32_t slot)
{
	const struct slot_key *who = &tracer->slot_keys[slot];
	const struct kept_path *exe = path_kept(tracer, who->exe);
	struct workload *workload = workload_get(tracer, who->workload);
	struct slot_name *name = &tracer->slots[slot];
	bool application;

	name->workload = workload->name;
	name->exe = exe ? exe->text : NULL;
	name->phase = phase_of(workload->kind, who->step);
	application = name->phase == PHASE_START || name->phase == PHASE_SERVING;
	if (application)
		workload_tell(tracer, workload, workload->has_root ? name->exe : NULL);
	if (exe && tracer->options.files)
		executable_tell(tracer, name, exe);
	if (exe && application && !tracer->options.split)
		client_tell(tracer, name);
}

const struct slot_name *slot_name(struct tracer *tracer, uint32_t slot)
{
	if (slot == SLOT_NONE || slot >= SLOTS_MAX || !tracer->slot_keys[slot].workload)
		return NULL;
	if (!tracer->slots[slot].workload) {
		if (workload_get(tracer, tracer->slot_keys[slot].workload)->stage != STAGE_NAMED)
			return NULL;
		slot_learn(tracer, slot);
	}
	return &tracer->slots[slot];
}

bool slot_fact(struct tracer *tracer, uint32_t slot, enum fact_kind kind, struct fact *ret)
{
	const struct slot_name *name = slot_name(tracer, slot);

	if (!name)
		return false;
	*ret = (struct fact){
		.kind = kind, .workload = name->workload, .exe = name->exe, .phase = name->phase};
	return true;
}

struct row *slot_row(struct tracer *tracer, const struct cell_key *key)
{
	const struct slot_name *name = slot_name(tracer, key->slot);
	struct row_key row = {.nr = key->nr, .abi = key->abi, .sub = key->sub};

	if (!name)
		return NULL;
	row.workload = name->workload;
	row.exe = name->exe;
	row.phase = name->phase;
	return row_get(&tracer->rows, &row);
}
