/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who is behind a slot: asks the kernel side for the paths that it keeps, each once, and tells the
 * sink about workloads and executables when they first come up.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/text.h"
#include "tracer_internal.h"

char *path_text(const struct path_record *record)
{
	size_t length = record->length, used = 0, end;
	char *bytes, *text;

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
	text = text_escape(bytes, used);
	free(bytes);
	return text;
}

/* Through a mapping of just these pages: all of the map would be 17 MiB of resident memory, and a
 * bpf() call would hold off classic tracepoints (bpf/maps.bpf.h). */
struct path_record *path_read(struct tracer *tracer, uint32_t id)
{
	size_t page = sysconf(_SC_PAGESIZE), at = id * sizeof(struct path_record);
	size_t offset = at % page, size = offset + sizeof(struct path_record);
	struct path_record *record;
	char *view;

	if (!id || id >= PATHS_MAX)
		return NULL;
	view = mmap(NULL, size, PROT_READ, MAP_SHARED, bpf_map__fd(tracer->skel->maps.paths),
		    at - offset);
	if (view == MAP_FAILED)
		return NULL;
	record = xcalloc(1, sizeof(*record));
	memcpy(record, view + offset, sizeof(*record));
	munmap(view, size);
	return record;
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
	if (record->flags & PATH_IS_DIRECTORY && strlen(text) > 1)
		text[strlen(text) - 1] = '\0'; /* a cgroup: its path has no slash at its end */
	tracer->paths[id].text = pool_text(tracer->texts, text);
	tracer->paths[id].flags = record->flags & ~PATH_IS_DIRECTORY;
	return &tracer->paths[id];
}

void workload_tell(struct tracer *tracer, const char *workload, const char *exe)
{
	struct fact fact = {.kind = FACT_WORKLOAD, .workload = workload};

	fact.workload_.scope = tracer->options.target == TARGET_TREE ? "process tree" : "cgroup";
	fact.workload_.cgroup =
		tracer->options.target == TARGET_ALL ? workload : tracer->options.cgroup;
	fact.workload_.root = tracer->options.has_root ? exe : NULL;
	fact_send(tracer, &fact);
}

/* Whatever makes calls has been executed: what AppArmor needs to know of an executable. */
static void executable_tell(struct tracer *tracer, const char *workload,
			    const struct kept_path *exe)
{
	struct fact fact = {.kind = FACT_FILE, .workload = workload, .exe = exe->text};

	fact.file.path = exe->text;
	fact.file.perms = PERM_EXEC;
	fact.file.flags = exe->flags;
	fact_send(tracer, &fact);
}

static void slot_learn(struct tracer *tracer, uint32_t slot)
{
	const struct slot_key *who = &tracer->slot_keys[slot];
	const struct kept_path *cgroup, *exe = path_kept(tracer, who->exe);
	const char *workload = tracer->options.workload;

	if (who->workload != WORKLOAD_ONE) {
		cgroup = path_kept(tracer, who->workload);
		workload = cgroup ? cgroup->text : "(unknown cgroup)";
		workload_tell(tracer, workload, NULL);
	}
	tracer->slots[slot].workload = workload;
	tracer->slots[slot].exe = exe ? exe->text : NULL;
	if (exe && tracer->options.files)
		executable_tell(tracer, workload, exe);
}

const struct slot_name *slot_name(struct tracer *tracer, uint32_t slot)
{
	if (slot == SLOT_NONE || slot >= SLOTS_MAX || !tracer->slot_keys[slot].workload)
		return NULL;
	if (!tracer->slots[slot].workload)
		slot_learn(tracer, slot);
	return &tracer->slots[slot];
}

struct row *slot_row(struct tracer *tracer, const struct cell_key *key)
{
	const struct slot_name *name = slot_name(tracer, key->slot);
	struct row_key row = {.nr = key->nr, .abi = key->abi, .sub = key->sub};

	if (!name)
		return NULL;
	row.workload = name->workload;
	row.exe = name->exe;
	return row_get(&tracer->rows, &row);
}
