/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls that were given names: put together from the kernel side's records, one for each name, and
 * looked up as they come. What was done with the names is deeds.c's affair.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "model/text.h"
#include "tracer_internal.h"

/* proc(5): with 0, anybody may link to any file. */
static bool hardlinks_are_protected(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/sys/fs/protected_hardlinks", "re");

	return !file || getc(file) != '0';
}

/* What the call must have been allowed, of this name. */
static enum needs name_needs(const struct name_record *record)
{
	switch (record->op) {
	case NAME_MKDIR:
	case NAME_RMDIR:
	case NAME_UNLINK:
	case NAME_CREATE:
	case NAME_RENAME:
		return NEEDS_DIRECTORY;
	case NAME_LINK:
		if (record->part)
			return NEEDS_DIRECTORY;
		return record->bound && hardlinks_are_protected() ? NEEDS_FILE : NEEDS_NOTHING;
	case NAME_CHANGE:
	case NAME_CHOWN:
	case NAME_LCHOWN:
		return NEEDS_FILE;
	case NAME_UNIX_SEND:
		return NEEDS_SOCKET;
	case NAME_EXEC:
		return NEEDS_PROGRAM;
	default:
		return NEEDS_NOTHING;
	}
}

/* A descriptor, or the working directory: the kernel has walked it. */
static void walked_find(const struct name_record *record, const char *path, struct place *ret)
{
	*ret = (struct place){
		.path = xstrdup(path),
		.resolved = true,
		.directory = record->base.flags & PATH_IS_DIRECTORY,
	};
}

/* What a descriptor stood for, which was named by its link in /proc. */
static void magic_find(const struct name_query *query, const struct name_record *record,
		       const char *path, struct place *ret)
{
	walked_find(record, path, ret);
	ret->exists = true;
	ret->uid = record->owner;
	ret->gid = record->group;
	ret->mode = record->mode;
	ret->forbidden = place_is_forbidden(ret, &query->caller, query->needs);
}

/* Behind the link in /proc that the name begins with; NULL where it does not, whatever it was when the
 * kernel side looked. */
static const char *magic_rest(const char *name)
{
	static const char *const links[] = {
		"/dev/fd/",       "/proc/self/fd/",        "/proc/thread-self/fd/",
		"/proc/self/cwd", "/proc/thread-self/cwd",
	};
	size_t size;

	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		size = strlen(links[i]);
		if (!strncmp(name, links[i], size))
			return name + size + strcspn(name + size, "/");
	}
	return NULL;
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
		.caller = {record->bound, record->uid, record->gids, record->gid_count},
		.needs = name_needs(record),
	};
	const char *rest = NULL;
	bool magic;

	if (record->size)
		name = xstrndup(record->base.text + record->base.length, record->size - 1);
	query.name = name ? name : "";
	if (record->magic)
		rest = magic_rest(query.name);
	magic = rest && (follow || *rest) &&
		resolver_has_proc(tracer->resolver, &query,
				  strncmp(query.name, "/dev/", 5) ? "/proc" : "/dev/fd");
	if (!record->absolute || magic) {
		base = path_plain(&record->base);
		query.base = base;
		if (record->base.flags == PATH_IS_DIRECTORY)
			known_add(resolver_known(tracer->resolver), query.scope, base, true);
	}
	if (magic)
		query.name = rest + strspn(rest, "/");
	if (magic && !*query.name)
		magic_find(&query, record, base, ret);
	else if (*query.name || record->absolute)
		resolver_find(tracer->resolver, &query, ret);
	else
		walked_find(record, base, ret);
	ret->magic = magic;
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
	case NAME_EXEC:
		return false;
	case NAME_LINK:
		return !record->part;
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
		if (record->part && two) /* the first one is lost, and was counted */
			return;
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

	roots_add(resolver_roots(tracer->resolver), record->root, record->process,
		  &(struct root){.path = path, .mounts = record->mounts, .mount = record->detail});
}
