/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What calls did with the names that they were given, as facts: what AppArmor asks for in each
 * (security/apparmor/lsm.c). Where the names lead is known here already: names.c.
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "tracer_internal.h"

/* More different ones than anybody would read. */
#define TOLD_BYTES_MAX (64u << 20)

/* What is done to a path. */
struct deed {
	const struct name_record *record;
	uint32_t perms;
	enum owner owner;
	bool directory;
	uint32_t use; /* of a unix socket: USE_UNIX(); else 0 */
};

static enum owner owner_of(const struct name_record *record, const struct place *place)
{
	if (!place->exists)
		return OWNER_UNKNOWN;
	return place->uid == record->uid ? OWNER_YES : OWNER_NO;
}

/* True the first time that a fact is told. */
static bool is_new(struct tracer *tracer, const struct fact *fact, const char *what)
{
	_cleanup_free_ char *key = xasprintf("%s\n%s\n%d\n%s", fact->workload,
					     fact->exe ? fact->exe : "", (int)fact->phase, what);

	if (pool_find(tracer->told, key))
		return false;
	if (tracer->told_bytes > TOLD_BYTES_MAX) {
		tracer->names_lost++;
		return false;
	}
	tracer->told_bytes += strlen(key) + 1;
	pool_text(tracer->told, key);
	return true;
}

char *place_text(const struct place *place, bool directory)
{
	_cleanup_free_ char *bytes =
		xasprintf("%s%s", place->path, directory && place->path[1] ? "/" : "");

	return text_escape(bytes, strlen(bytes));
}

uint32_t place_flags(const struct name_record *record, const struct place *place)
{
	uint32_t flags = record->base.flags & ~PATH_IS_DIRECTORY;

	if (record->magic && !place->magic)
		flags = 0;
	if (place->climbed) /* what is above was there */
		flags &= ~(uint32_t)PATH_DELETED;
	if (place->deleted)
		flags |= PATH_DELETED;
	if (place->forbidden)
		flags |= PATH_FORBIDDEN;
	return flags | (place->resolved ? 0 : PATH_UNRESOLVED);
}

/* What is no directory may be a symbolic link. */
static void place_learn(struct tracer *tracer, const char *scope, const struct place *place,
			bool directory)
{
	_cleanup_free_ char *path = xstrdup(place->path);
	char *slash = strrchr(path, '/');

	if (!directory && slash)
		slash[slash == path] = '\0';
	known_add(resolver_known(tracer->resolver), scope, path, true);
}

/* What comes to this place may be a symbolic link, unless it came from where a file was seen. */
static void link_learn(struct tracer *tracer, const struct name_record *record,
		       const struct place *from, const struct place *to)
{
	const struct slot_name *who = slot_name(tracer, record->slot);
	struct known *known = resolver_known(tracer->resolver);

	if (!who)
		return;
	if (from && from->resolved && to->resolved && known_path(known, who->workload, from->path))
		known_add(known, who->workload, to->path, false);
	else
		known_add_link(known, who->workload, to->path);
}

static void deed_tell(struct tracer *tracer, const struct deed *deed, const struct place *place)
{
	_cleanup_free_ char *path = place_text(place, deed->directory), *what = NULL;
	uint32_t flags = place_flags(deed->record, place);
	struct fact fact;

	if (!slot_fact(tracer, deed->record->slot, FACT_FILE, &fact))
		return;
	what = xasprintf("file %x %x %d %s", deed->perms | deed->use, flags, (int)deed->owner,
			 path);
	if (!is_new(tracer, &fact, what))
		return;
	if (!flags)
		place_learn(tracer, fact.workload, place, deed->directory);
	fact.file.path = path;
	fact.file.perms = deed->perms;
	fact.file.flags = flags;
	fact.file.owner = deed->owner;
	fact_send(tracer, &fact);
	if (deed->use)
		unix_paths_tell(tracer, &fact, deed->use);
}

void operation_tell(struct tracer *tracer, struct fact *fact)
{
	_cleanup_free_ char *what = NULL;

	what = xasprintf("op %d %s\n%s\n%s\n%llu %d %x", (int)fact->operation.op,
			 fact->operation.source ? fact->operation.source : "",
			 fact->operation.target ? fact->operation.target : "",
			 fact->operation.detail ? fact->operation.detail : "",
			 (unsigned long long)fact->operation.number, (int)fact->operation.peer,
			 fact->operation.flags);
	if (is_new(tracer, fact, what))
		fact_send(tracer, fact);
}

/* What it was, where it is not there any more. */
static bool is_directory(struct tracer *tracer, const struct name_record *record,
			 const struct place *place)
{
	const struct slot_name *who = slot_name(tracer, record->slot);

	if (place->exists || place->directory || !who)
		return place->directory;
	return known_directory(resolver_known(tracer->resolver), who->workload, place->path);
}

/* One file's way: its kind goes with it, and is asked for at both ends. */
static void moved(struct tracer *tracer, const struct named *call, size_t from, size_t to)
{
	const struct place *old = &call->places[from], *new = &call->places[to];
	struct deed deed = {
		.record = call->records[from],
		.perms = PERM_READ | PERM_WRITE,
		.owner = owner_of(call->records[to], new),
		.directory = is_directory(tracer, call->records[to], new),
	};

	if (!new->exists && !deed.directory)
		deed.directory = is_directory(tracer, call->records[from], old);
	if (!deed.directory)
		link_learn(tracer, call->records[to], old, new);
	deed_tell(tracer, &deed, old);
	deed.record = call->records[to];
	deed.perms = PERM_WRITE;
	deed_tell(tracer, &deed, new);
}

static void renamed(struct tracer *tracer, const struct named *call)
{
	moved(tracer, call, 0, 1);
	if (call->records[1]->detail & RENAME_EXCHANGE)
		moved(tracer, call, 1, 0);
}

static void linked(struct tracer *tracer, const struct named *call)
{
	const struct place *places = call->places;
	_cleanup_free_ char *source = place_text(&places[0], false);
	_cleanup_free_ char *target = place_text(&places[1], false);
	struct fact fact;

	if (!slot_fact(tracer, call->records[1]->slot, FACT_OPERATION, &fact))
		return;
	link_learn(tracer, call->records[1], &places[0], &places[1]);
	fact.operation.op = OP_LINK;
	fact.operation.source = source;
	fact.operation.target = target;
	fact.operation.flags = place_flags(call->records[0], &places[0]) |
			       place_flags(call->records[1], &places[1]);
	operation_tell(tracer, &fact);
}

static void executed(struct tracer *tracer, const struct named *call)
{
	const struct name_record *record = call->records[1];
	const struct slot_name *from = slot_name(tracer, record->detail);
	const struct slot_name *to = slot_name(tracer, record->slot);
	_cleanup_free_ char *script = NULL;
	struct fact fact;

	if (!to || !to->exe || !slot_fact(tracer, record->slot, FACT_OPERATION, &fact))
		return;
	fact.exe = from ? from->exe : NULL;
	if (from)
		fact.phase = from->phase;
	fact.operation.op = OP_EXEC;
	fact.operation.target = to->exe;
	if (record->size) {
		script = place_text(&call->places[1], false);
		fact.operation.source = script;
		fact.operation.flags = place_flags(record, &call->places[1]);
	}
	operation_tell(tracer, &fact);
}

static void changed(struct tracer *tracer, const struct named *call)
{
	const struct name_record *record = call->records[1];
	const struct place *place = &call->places[1];
	struct deed deed = {.record = record, .perms = PERM_WRITE};

	switch (record->op) {
	case NAME_MKDIR:
		deed.directory = true;
		deed.owner = OWNER_YES;
		break;
	case NAME_CREATE:
		link_learn(tracer, record, NULL, place);
		deed.owner = OWNER_YES;
		break;
	case NAME_RMDIR:
		deed.directory = true;
		break;
	case NAME_UNLINK:
		deed.directory = record->detail & AT_REMOVEDIR;
		break;
	case NAME_CHANGE:
		deed.owner = owner_of(record, place);
		deed.directory = is_directory(tracer, record, place);
		break;
	case NAME_UNIX_SEND:
		deed.owner = owner_of(record, place);
		deed.perms = PERM_READ | PERM_WRITE;
		deed.use = USE_UNIX(DONE_UNIX_SEND, 1);
		break;
	default:
		deed.directory = is_directory(tracer, record, place);
		break;
	}
	deed_tell(tracer, &deed, place);
}

void named_tell(struct tracer *tracer, const struct named *call)
{
	switch (call->records[1]->op) {
	case NAME_RENAME:
		renamed(tracer, call);
		break;
	case NAME_LINK:
		linked(tracer, call);
		break;
	case NAME_EXEC:
		executed(tracer, call);
		break;
	case NAME_MOUNT:
	case NAME_MOVE_MOUNT:
	case NAME_UMOUNT:
	case NAME_PIVOT_ROOT:
		mount_tell(tracer, call);
		break;
	default:
		changed(tracer, call);
		break;
	}
}
