/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls that change what is mounted where, as facts: what AppArmor looks at in each
 * (security/apparmor/mount.c). Which places the names lead to, names.c and resolve.c know.
 */
#include <linux/mount.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "tracer_internal.h"

/* linux/mount.h: what used to stand in the upper half of mount(2)'s flags. */
#define MAGIC      0xc0ed0000u
#define MAGIC_MASK 0xffff0000u

/* mount(2) makes nothing new, but changes what is there: its source is not looked at. */
#define CHANGES (MS_REMOUNT | MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)

static uint32_t mount_flags(uint32_t flags)
{
	return (flags & MAGIC_MASK) == MAGIC ? flags & ~MAGIC_MASK : flags;
}

/* What is mounted, where it is asked about at all. */
enum source {
	SOURCE_NONE,
	SOURCE_PLACE,
	SOURCE_WORD, /* a tmpfs calls it as it likes */
};

static enum source source_of(const struct named *call)
{
	const struct name_record *record = call->records[0];
	uint32_t flags;

	if (!record || record->size <= 1)
		return SOURCE_NONE;
	if (record->op != NAME_MOUNT)
		return SOURCE_PLACE;
	flags = mount_flags(record->detail);
	if (flags & CHANGES)
		return SOURCE_NONE;
	return flags & (MS_BIND | MS_MOVE) || record->absolute ? SOURCE_PLACE : SOURCE_WORD;
}

enum kind {
	KIND_UNKNOWN,
	KIND_DIRECTORY,
	KIND_FILE,
};

/* What the kernel has walked it tells itself; what is gone may have been seen before. */
static enum kind kind_of(struct tracer *tracer, const struct named *call, size_t which)
{
	const struct name_record *record = call->records[which];
	const struct slot_name *who = slot_name(tracer, record->slot);
	const struct place *place = &call->places[which];
	const struct known *known = resolver_known(tracer->resolver);

	if (place->exists)
		return place->directory ? KIND_DIRECTORY : KIND_FILE;
	if (record->size <= 1)
		return record->base.flags & PATH_IS_DIRECTORY ? KIND_DIRECTORY : KIND_FILE;
	if (!who)
		return KIND_UNKNOWN;
	if (known_directory(known, who->workload, place->path))
		return KIND_DIRECTORY;
	return known_path(known, who->workload, place->path) ? KIND_FILE : KIND_UNKNOWN;
}

/* What is put somewhere is of the kind of what is there: of a file system and of a root, a directory. */
static enum kind target_kind(struct tracer *tracer, const struct named *call)
{
	enum source source = source_of(call);
	enum kind kind;

	if (source == SOURCE_WORD || call->records[1]->op == NAME_PIVOT_ROOT)
		return KIND_DIRECTORY;
	kind = kind_of(tracer, call, 1);
	return kind == KIND_UNKNOWN && source == SOURCE_PLACE ? kind_of(tracer, call, 0) : kind;
}

static enum operation operation_of(const struct name_record *record)
{
	switch (record->op) {
	case NAME_MOUNT:
		return OP_MOUNT;
	case NAME_MOVE_MOUNT:
		return OP_MOVE_MOUNT;
	case NAME_PIVOT_ROOT:
		return OP_PIVOT_ROOT;
	default:
		return OP_UMOUNT;
	}
}

void mount_tell(struct tracer *tracer, const struct named *call)
{
	const struct name_record *record = call->records[1];
	const struct place *first = &call->places[0], *last = &call->places[1];
	enum kind kind = target_kind(tracer, call);
	bool directory = kind != KIND_FILE; /* few mount on files */
	_cleanup_free_ char *source = NULL, *target = place_text(last, directory);
	struct fact fact;

	if (!slot_fact(tracer, record->slot, FACT_OPERATION, &fact))
		return;
	fact.operation.op = operation_of(record);
	fact.operation.target = target;
	fact.operation.flags = place_flags(record, last);
	if (kind == KIND_UNKNOWN)
		fact.operation.flags |= PATH_UNRESOLVED;
	switch (source_of(call)) {
	case SOURCE_NONE:
		break;
	case SOURCE_WORD:
		fact.operation.source = call->spelled;
		break;
	case SOURCE_PLACE:
		if (first->exists && record->op == NAME_MOUNT)
			directory = first->directory; /* a device, for one */
		source = place_text(first, directory);
		fact.operation.source = source;
		fact.operation.flags |= place_flags(call->records[0], first);
	}
	if (record->op == NAME_MOUNT) {
		fact.operation.number = mount_flags(record->detail);
		if (!(fact.operation.number & (CHANGES | MS_BIND | MS_MOVE)))
			fact.operation.detail = call->word;
	}
	if (record->op == NAME_PIVOT_ROOT) { /* the new root comes first */
		fact.operation.target = source;
		fact.operation.source = target;
	}
	operation_tell(tracer, &fact);
}
