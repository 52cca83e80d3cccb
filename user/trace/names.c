/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls that were given names, as facts: which names they are is resolve.c's affair, here is what
 * AppArmor asks for in each (security/apparmor/lsm.c).
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "tracer_internal.h"

/* More different ones than anybody would read. */
#define NAMES_TOLD_MAX (1u << 18)

/* What is done to a path. */
struct deed {
	const struct name_record *record;
	uint32_t perms;
	enum owner owner;
	bool directory;
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
	if (tracer->told_count == NAMES_TOLD_MAX) {
		tracer->names_lost++;
		return false;
	}
	tracer->told_count++;
	pool_text(tracer->told, key);
	return true;
}

static char *place_text(const struct place *place, bool directory)
{
	_cleanup_free_ char *bytes =
		xasprintf("%s%s", place->path, directory && place->path[1] ? "/" : "");

	return text_escape(bytes, strlen(bytes));
}

static uint32_t place_flags(const struct name_record *record, const struct place *place)
{
	uint32_t flags = place->climbed ? 0 : record->base.flags & ~PATH_IS_DIRECTORY;

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
	resolver_learn(tracer->resolver, scope, path);
}

static void deed_tell(struct tracer *tracer, const struct deed *deed, const struct place *place)
{
	_cleanup_free_ char *path = place_text(place, deed->directory), *what = NULL;
	uint32_t flags = place_flags(deed->record, place);
	struct fact fact;

	if (!slot_fact(tracer, deed->record->slot, FACT_FILE, &fact))
		return;
	what = xasprintf("file %x %x %d %s", deed->perms, flags, (int)deed->owner, path);
	if (!is_new(tracer, &fact, what))
		return;
	if (!flags)
		place_learn(tracer, fact.workload, place, deed->directory);
	fact.file.path = path;
	fact.file.perms = deed->perms;
	fact.file.flags = flags;
	fact.file.owner = deed->owner;
	fact_send(tracer, &fact);
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

void name_find(struct tracer *tracer, const struct name_record *record, bool follow,
	       struct place *ret)
{
	const struct slot_name *who = slot_name(tracer, record->slot);
	_cleanup_free_ char *base = NULL, *name = NULL;
	struct name_query query = {
		.scope = who ? who->workload : "",
		.root = record->root,
		.process = record->process,
		.follow = follow,
	};

	if (record->size)
		name = xstrndup(record->base.text + record->base.length, record->size - 1);
	query.name = name ? name : "";
	if (!record->absolute) {
		base = path_plain(&record->base);
		query.base = base;
		if (!(record->base.flags & ~PATH_IS_DIRECTORY))
			resolver_learn(tracer->resolver, query.scope, base);
	}
	if (*query.name || record->absolute) {
		resolver_find(tracer->resolver, &query, ret);
		return;
	}
	/* a descriptor, or the working directory: the kernel has walked it */
	*ret = (struct place){
		.path = xstrdup(base),
		.resolved = true,
		.directory = record->base.flags & PATH_IS_DIRECTORY,
	};
}

/* Both ends of a rename, or one that needs two: the first name's record waits for the second's. */
static void renamed(struct tracer *tracer, const struct name_record *from, const struct place *old,
		    const struct name_record *to, const struct place *new)
{
	bool exchange = to->detail & RENAME_EXCHANGE;
	struct deed deed = {
		.record = from,
		.perms = PERM_READ | PERM_WRITE,
		.owner = owner_of(to, new),
		.directory = exchange ? old->directory : new->directory,
	};

	deed_tell(tracer, &deed, old);
	deed.record = to;
	deed.directory = new->directory;
	if (!exchange)
		deed.perms = PERM_WRITE;
	deed_tell(tracer, &deed, new);
}

static void linked(struct tracer *tracer, const struct name_record *from, const struct place *old,
		   const struct name_record *to, const struct place *new)
{
	_cleanup_free_ char *source = place_text(old, false), *target = place_text(new, false);
	struct fact fact;

	if (!slot_fact(tracer, to->slot, FACT_OPERATION, &fact))
		return;
	fact.operation.op = OP_LINK;
	fact.operation.source = source;
	fact.operation.target = target;
	fact.operation.flags = place_flags(from, old) | place_flags(to, new);
	operation_tell(tracer, &fact);
}

static void executed(struct tracer *tracer, const struct name_record *record)
{
	const struct slot_name *from = slot_name(tracer, record->detail);
	const struct slot_name *to = slot_name(tracer, record->slot);
	_cleanup_free_ char *script = NULL;
	struct place place = {};
	struct fact fact;

	if (!to || !to->exe || !slot_fact(tracer, record->slot, FACT_OPERATION, &fact))
		return;
	fact.exe = from ? from->exe : NULL;
	if (from)
		fact.phase = from->phase;
	fact.operation.op = OP_EXEC;
	fact.operation.target = to->exe;
	if (record->size) {
		name_find(tracer, record, true, &place);
		script = place_text(&place, false);
		fact.operation.source = script;
		fact.operation.flags = place_flags(record, &place);
	}
	operation_tell(tracer, &fact);
	place_drop(&place);
}

/* Calls with one name. */
static void named(struct tracer *tracer, const struct name_record *record)
{
	struct deed deed = {.record = record, .perms = PERM_WRITE};
	struct place place;
	bool follow = false;

	if (record->op == NAME_CHANGE || record->op == NAME_CHOWN)
		follow = !(record->detail & AT_SYMLINK_NOFOLLOW);
	name_find(tracer, record, follow, &place);
	switch (record->op) {
	case NAME_MKDIR:
		deed.directory = true;
		deed.owner = OWNER_YES;
		break;
	case NAME_CREATE:
		deed.owner = OWNER_YES;
		break;
	case NAME_RMDIR:
		deed.directory = true;
		break;
	case NAME_UNLINK:
		deed.directory = record->detail & AT_REMOVEDIR;
		break;
	case NAME_CHANGE:
		deed.owner = owner_of(record, &place);
		deed.directory = place.directory;
		break;
	default:
		deed.directory = place.directory;
		break;
	}
	deed_tell(tracer, &deed, &place);
	place_drop(&place);
}

static struct half *half_of(struct tracer *tracer, uint32_t cpu)
{
	return &tracer->halves[cpu % tracer->cpus];
}

/* The first name is looked up now: a second later it may be gone. */
static void half_keep(struct tracer *tracer, const struct name_record *record)
{
	struct half *half = half_of(tracer, record->cpu);
	bool follow = record->op == NAME_LINK && record->detail & AT_SYMLINK_FOLLOW;

	place_drop(&half->place);
	memcpy(&half->record, record, offsetof(struct name_record, base.text));
	name_find(tracer, record, follow, &half->place);
}

static void half_join(struct tracer *tracer, const struct name_record *record)
{
	struct half *half = half_of(tracer, record->cpu);
	const struct name_record *first = &half->record;
	struct place place;

	if (!half->place.path || first->slot != record->slot || first->op != record->op ||
	    first->process != record->process) { /* the first one found the ring buffer full */
		tracer->names_lost++;
		return;
	}
	name_find(tracer, record, false, &place);
	if (record->op == NAME_RENAME)
		renamed(tracer, first, &half->place, record, &place);
	else
		linked(tracer, first, &half->place, record, &place);
	place_drop(&place);
	place_drop(&half->place);
}

void name_event(struct tracer *tracer, const struct name_record *record)
{
	if (!record->part)
		half_keep(tracer, record);
	else if (record->op == NAME_RENAME || record->op == NAME_LINK)
		half_join(tracer, record);
	else if (record->op == NAME_EXEC)
		executed(tracer, record);
	else
		named(tracer, record);
}

void root_event(struct tracer *tracer, const struct name_record *record)
{
	_cleanup_free_ char *path = path_plain(&record->base);

	resolver_add_root(tracer->resolver, record->root, path, record->mounts, record->process);
}
