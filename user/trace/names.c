/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls that were given names, as facts: which names they are is resolve.c's affair, here is what
 * AppArmor asks for in each (security/apparmor/lsm.c).
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

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

/* What comes to this place may be a symbolic link. */
static void link_learn(struct tracer *tracer, const struct name_record *record,
		       const struct place *place)
{
	const struct slot_name *who = slot_name(tracer, record->slot);

	if (who)
		known_add_link(resolver_known(tracer->resolver), who->workload, place->path);
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

void name_find(struct tracer *tracer, const struct name_record *record, bool follow, bool look,
	       struct place *ret)
{
	const struct slot_name *who = slot_name(tracer, record->slot);
	_cleanup_free_ char *base = NULL, *name = NULL;
	struct name_query query = {
		.scope = who ? who->workload : "",
		.root = record->root,
		.process = record->process,
		.follow = follow,
		.look = look,
		.bound = record->bound && record->op <= NAME_LCHOWN,
	};
	bool magic = record->magic && follow && resolver_has_proc(tracer->resolver, &query);

	if (record->size)
		name = xstrndup(record->base.text + record->base.length, record->size - 1);
	query.name = name ? name : "";
	if (!record->absolute || magic) {
		base = path_plain(&record->base);
		query.base = base;
		if (record->base.flags == PATH_IS_DIRECTORY)
			known_add(resolver_known(tracer->resolver), query.scope, base, true);
	}
	if (magic)
		query.name = "";
	if (*query.name || record->absolute) {
		resolver_find(tracer->resolver, &query, ret);
		ret->magic = magic;
		return;
	}
	/* a descriptor, or the working directory: the kernel has walked it */
	*ret = (struct place){
		.path = xstrdup(base),
		.resolved = true,
		.directory = record->base.flags & PATH_IS_DIRECTORY,
	};
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
		link_learn(tracer, call->records[to], new);
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
	link_learn(tracer, call->records[1], &places[1]);
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
		link_learn(tracer, record, place);
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

static void named_tell(struct tracer *tracer, const struct named *call)
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

/* Whether a symbolic link at the end of the name is followed. */
static bool name_follows(const struct name_record *record)
{
	switch (record->op) {
	case NAME_CHANGE:
	case NAME_CHOWN:
		return !(record->detail & AT_SYMLINK_NOFOLLOW);
	case NAME_LINK:
		return !record->part && record->detail & AT_SYMLINK_FOLLOW;
	case NAME_UMOUNT:
		return !(record->detail & UMOUNT_NOFOLLOW);
	case NAME_EXEC:
	case NAME_UNIX_SEND:
	case NAME_MOUNT:
	case NAME_MOVE_MOUNT:
	case NAME_PIVOT_ROOT:
		return true;
	default:
		return false;
	}
}

/* Whether it matters what is there now: its kind, and whose it is. */
static bool name_looks(const struct name_record *record)
{
	switch (record->op) {
	case NAME_MKDIR:
	case NAME_RMDIR:
	case NAME_UNLINK:
	case NAME_CREATE:
	case NAME_LINK:
	case NAME_EXEC:
		return false;
	default:
		return true;
	}
}

static void named_free(struct named *call)
{
	for (size_t i = 0; i < ARRAY_SIZE(call->places); i++) {
		free(call->records[i]);
		place_drop(&call->places[i]);
	}
	free(call->word);
	free(call->spelled);
	free(call);
}

/* Each name is looked up as it comes: a second later it may be gone. */
static void named_add(struct tracer *tracer, struct named *call, const struct name_record *record)
{
	size_t size = offsetof(struct name_record, base.text);
	struct name_record *head = xcalloc(1, size);
	const char *name = record->base.text + record->base.length;
	size_t length = record->size ? strnlen(name, record->size) + 1 : 0;

	call->records[record->part] = memcpy(head, record, size);
	if (!record->part)
		call->spelled = text_escape(name, length ? length - 1 : 0);
	if (length < record->size)
		call->word = text_escape(name + length, record->size - length - 1);
	name_find(tracer, record, name_follows(record), name_looks(record),
		  &call->places[record->part]);
}

static bool is_resolved(const struct named *call)
{
	return call->places[1].resolved && (!call->records[0] || call->places[0].resolved);
}

/* What could not be looked up waits for what else this look at the ring buffer brings. */
static void named_end(struct tracer *tracer, struct named *call)
{
	if (is_resolved(call)) {
		named_tell(tracer, call);
		named_free(call);
		return;
	}
	call->next = tracer->doubtful;
	tracer->doubtful = call;
}

void names_settle_doubts(struct tracer *tracer)
{
	struct named *call;

	while ((call = tracer->doubtful)) {
		tracer->doubtful = call->next;
		for (size_t i = 0; i < ARRAY_SIZE(call->places); i++) {
			const struct name_record *record = call->records[i];
			const struct slot_name *who =
				record ? slot_name(tracer, record->slot) : NULL;
			struct name_query query = {.follow = record && name_follows(record)};

			if (!who)
				continue;
			query.scope = who->workload;
			query.root = record->root;
			place_settle(tracer->resolver, &query, &call->places[i]);
		}
		named_tell(tracer, call);
		named_free(call);
	}
}

static bool is_of_one_call(const struct named *call, const struct name_record *record)
{
	const struct name_record *first = call ? call->records[0] : NULL;

	return first && first->slot == record->slot && first->op == record->op &&
	       first->process == record->process;
}

static bool has_two_names(uint32_t op)
{
	return op == NAME_RENAME || op == NAME_LINK || op == NAME_MOUNT || op == NAME_MOVE_MOUNT ||
	       op == NAME_PIVOT_ROOT;
}

void name_event(struct tracer *tracer, const struct name_record *record)
{
	struct named **half = &tracer->halves[record->cpu % tracer->cpus], *call = take(*half);
	bool two = has_two_names(record->op);

	if (!record->part || !two || !is_of_one_call(call, record)) {
		if (call)
			named_free(call);
		if (record->part && two) { /* the first one found the ring buffer full */
			tracer->names_lost++;
			return;
		}
		call = xcalloc(1, sizeof(*call));
	}
	named_add(tracer, call, record);
	if (record->part)
		named_end(tracer, call);
	else
		*half = call;
}

void names_free(struct tracer *tracer)
{
	struct named *call;

	for (int cpu = 0; cpu < tracer->cpus; cpu++) {
		if (tracer->halves[cpu])
			named_free(tracer->halves[cpu]);
	}
	while ((call = tracer->doubtful)) {
		tracer->doubtful = call->next;
		named_free(call);
	}
	free(tracer->halves);
}

void root_event(struct tracer *tracer, const struct name_record *record)
{
	_cleanup_free_ char *path = path_plain(&record->base);

	roots_add(resolver_roots(tracer->resolver), record->root, path, record->mounts,
		  record->process);
}
